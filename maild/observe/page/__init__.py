"""The page at /: what the status says, for a person to look at. Changes nothing."""

from maild.observe.page.routes import PageRoutes

__all__ = ["PageRoutes"]
