"""Who may ask over the web port: TLS, client certificates, names and passwords, as `web.config_file` says.

The file has the format of Prometheus' exporter toolkit (docs/web-configuration.md there), so that one file serves all
exporters of a site. Decides who is let in, never what is answered.
"""

from maild.observe.access.door import Door
from maild.observe.access.settings import AccessError

__all__ = ["AccessError", "Door"]
