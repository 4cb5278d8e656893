"""The way to a mail service and whom it is believed to be: what an account says of its certificate. Values only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from maild.config.model import HttpSettings
from maild.config.proxy import Proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How a service's certificate is looked at.

    Attributes:
        verify: whether it must be valid for the service's host.
        ca_file: certificates trusted instead of the system's.
        proxy: who leads the way to it.
    """

    verify: bool = True
    ca_file: Path | None = None
    proxy: Proxy | None = None

    @classmethod
    def of(cls, settings: HttpSettings, folder: Path) -> Self:
        """That of an account; a relative CA file counts from `folder`, where the account's file is."""
        ca_file = settings.tls.ca_file
        return cls(
            verify=settings.tls.verify,
            ca_file=None if ca_file is None else folder / ca_file,
            proxy=None if settings.proxy is None else settings.proxy.at(folder),
        )
