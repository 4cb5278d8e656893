"""The structure of the files: JSON Schema, and its errors as faults."""

from maild.config.schema.shape import Shape, known_keys
from maild.config.schema.validate import validate_account, validate_site

__all__ = ["Shape", "known_keys", "validate_account", "validate_site"]
