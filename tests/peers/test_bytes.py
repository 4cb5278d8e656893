"""What other programs store is what was dropped, byte for byte, for a few hundred messages of every shape."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.cli.demo.certificates import CertificateFiles, make_certificates
from tests.peers.aiosmtpd_peer import running_aiosmtpd
from tests.peers.dovecot import running_sasl, running_submission
from tests.peers.exim import running_exim
from tests.peers.opensmtpd import running_opensmtpd
from tests.peers.peer import Peer, deliver
from tests.peers.postfix import running_postfix
from tests.peers.shapes import all_shapes, with_nul

LARGE_BYTES = 25_000_000


def certificates(folder: Path) -> CertificateFiles:
    return make_certificates(folder, now=datetime.now(UTC))


def prove(peer: Peer, folder: Path) -> None:
    shapes = list(all_shapes(large_bytes=LARGE_BYTES))
    assert len(shapes) > 200
    receipt = deliver(peer, folder, shapes, also=with_nul())
    assert (receipt["state"], receipt["reason"]) == ("rejected", "nul")


@pytest.mark.timeout(120)
def test_exim_stores_what_was_dropped(tmp_path: Path) -> None:
    with running_exim(certificates(tmp_path)) as peer:
        prove(peer, tmp_path)


@pytest.mark.timeout(120)
def test_opensmtpd_stores_what_was_dropped(tmp_path: Path) -> None:
    with running_opensmtpd(certificates(tmp_path)) as peer:
        prove(peer, tmp_path)


@pytest.mark.timeout(120)
def test_aiosmtpd_stores_what_was_dropped_and_it_takes(tmp_path: Path) -> None:
    with running_aiosmtpd(tmp_path / "kept", certificates(tmp_path).authority) as peer:
        prove(peer, tmp_path)


@pytest.mark.timeout(120)
def test_dovecot_passes_on_what_was_dropped(tmp_path: Path) -> None:
    files = certificates(tmp_path)
    with running_aiosmtpd(tmp_path / "kept", files.authority) as relay, running_submission(files, relay) as peer:
        prove(peer, tmp_path)


@pytest.mark.timeout(120)
def test_postfix_stores_what_was_dropped_by_who_logged_in(tmp_path: Path) -> None:
    files = certificates(tmp_path)
    with running_sasl(files) as sasl, running_postfix(files.server, sasl=sasl) as postfix:
        peer = Peer(
            port=postfix.implicit,
            tls="implicit",
            ca_file=files.authority,
            stored=postfix.mailbox,
            said=lambda: (postfix.root / "log").read_text(errors="replace")[-5000:],
            auth="scram-sha-256",
        )
        prove(peer, tmp_path)
