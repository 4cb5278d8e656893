"""The drop folder: how a drop is put in, recognised, judged complete, read and taken away."""

from maild.spool.drop.write import write_drop

__all__ = ["write_drop"]
