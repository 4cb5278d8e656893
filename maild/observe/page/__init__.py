"""The page at /: what the status says, for a person to look at, and where a site wants it to act on."""

from maild.observe.page.routes import PageActions, PageRoutes

__all__ = ["PageActions", "PageRoutes"]
