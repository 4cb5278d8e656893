"""How a report is shown: text for people, one line a finding for editors, JSON for programs. Pure: a report goes in,
a text comes out. One list of them in `catalogue`.
"""

from maild.diagnostics.render.catalogue import EXPLAINED, RENDERERS, Render
from maild.diagnostics.render.style import Style

__all__ = ["EXPLAINED", "RENDERERS", "Render", "Style"]
