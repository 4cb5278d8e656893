"""maild owns a site's outgoing mail: it validates settings, watches them, probes providers and sends drops."""

__version__ = "0.1.0"
