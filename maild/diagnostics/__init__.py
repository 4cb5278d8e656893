"""What is wrong with a file or with the world, as values, and how they are shown."""

from maild.diagnostics.diagnostic import Diagnostic, Edit, Fix, Location, Related, Severity, Span
from maild.diagnostics.report import Report

__all__ = ["Diagnostic", "Edit", "Fix", "Location", "Related", "Report", "Severity", "Span"]
