from pathlib import Path, PurePath

from maild.config.model import HttpSettings, HttpTls
from maild.net.http import Trust


def test_a_relative_ca_file_counts_from_the_folder_of_the_account_file() -> None:
    settings = HttpSettings(url="https://x.example", tls=HttpTls(verify=False, ca_file=PurePath("ca.pem")))

    assert Trust.of(settings, Path("/a")) == Trust(verify=False, ca_file=Path("/a/ca.pem"))
    assert Trust.of(HttpSettings(url="https://x.example"), Path("/a")) == Trust()
