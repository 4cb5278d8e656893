"""The way to a mail service and whom it is believed to be: what an account says of its certificate. Values only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from maild.config.model import HttpSettings, TlsVersion
from maild.config.pin import Pin
from maild.config.proxy import Proxy
from maild.net.tls import ClientCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How a service's certificate is looked at.

    Attributes:
        verify: whether it must be valid for the service's host.
        ca_file: certificates trusted instead of the system's.
        min_version: the oldest version of TLS that will do.
        pins: if there are any, the service must have the certificate or the key of one of them.
        client: what is shown to a service that wants to know who asks.
        proxy: who leads the way to it.
    """

    verify: bool = True
    ca_file: Path | None = None
    min_version: TlsVersion = TlsVersion.TLS_1_2
    pins: tuple[Pin, ...] = ()
    client: ClientCertificate | None = None
    proxy: Proxy | None = None

    @classmethod
    def of(cls, settings: HttpSettings, folder: Path) -> Self:
        """That of an account; relative paths count from `folder`, where the account's file is."""
        tls, client = settings.tls, None
        if tls.cert_file is not None and tls.key_file is not None:
            client = ClientCertificate(cert_file=folder / tls.cert_file, key_file=folder / tls.key_file)
        return cls(
            verify=tls.verify,
            ca_file=None if tls.ca_file is None else folder / tls.ca_file,
            min_version=tls.min_version,
            pins=tls.pins,
            client=client,
            proxy=None if settings.proxy is None else settings.proxy.at(folder),
        )
