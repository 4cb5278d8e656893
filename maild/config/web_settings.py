"""The web port: the `web` section of maild.yaml as a value. Pure."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where metrics and status are served, to whom, and whether the page may change something.

    Attributes:
        listen: `host:port`, or `unix:/path`; empty: nowhere.
        config_file: TLS and passwords, in the format of Prometheus' exporters; None: neither.
        hosts: names besides the machine's own by which browsers may ask.
        token_file: holds the word that lets a person act on the page; None: the page can only be looked at.
    """

    listen: tuple[str, ...] = ("127.0.0.1:9725",)
    config_file: PurePath | None = None
    hosts: tuple[str, ...] = ()
    token_file: PurePath | None = None
