from pathlib import Path, PurePath

from maild.config.model import HttpSettings, HttpTls, TlsVersion
from maild.config.pin import Pin, PinKind
from maild.net.http import Trust
from maild.net.tls import ClientCertificate

PIN = Pin(kind=PinKind.PUBLIC_KEY, digest=bytes(32))


def test_relative_files_count_from_the_folder_of_the_account_file_and_the_rest_is_passed_on() -> None:
    tls = HttpTls(
        verify=False,
        ca_file=PurePath("ca.pem"),
        min_version=TlsVersion.TLS_1_3,
        pins=(PIN,),
        cert_file=PurePath("c.pem"),
        key_file=PurePath("/k.pem"),
    )

    assert Trust.of(HttpSettings(url="https://x.example", tls=tls), Path("/a")) == Trust(
        verify=False,
        ca_file=Path("/a/ca.pem"),
        min_version=TlsVersion.TLS_1_3,
        pins=(PIN,),
        client=ClientCertificate(cert_file=Path("/a/c.pem"), key_file=Path("/k.pem")),
    )
    assert Trust.of(HttpSettings(url="https://x.example"), Path("/a")) == Trust()
