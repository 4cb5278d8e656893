import os
import shutil
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from maild.config.model import TlsVersion
from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.net.tls import ClientCertificate, context_for
from tests.fakes.certificates import certificates


def test_old_versions_of_tls_are_not_spoken() -> None:
    for verify in (True, False):
        assert context_for(verify=verify).minimum_version is ssl.TLSVersion.TLSv1_2


def test_verification_is_for_the_host_or_not_at_all() -> None:
    strict, lax = context_for(verify=True), context_for(verify=False)

    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (lax.verify_mode, lax.check_hostname) == (ssl.CERT_NONE, False)


def test_a_ca_file_is_trusted_instead_of_the_system() -> None:
    context = context_for(verify=True, ca_file=certificates().ca_file)

    assert len(context.get_ca_certs()) == 1
    assert "Test Trust" in str(context.get_ca_certs())


def test_the_context_is_made_again_only_when_the_file_changes(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    shutil.copy(certificates().ca_file, ca_file)

    first, second = context_for(verify=True, ca_file=ca_file), context_for(verify=True, ca_file=ca_file)
    os.utime(ca_file, (1, 1))
    third = context_for(verify=True, ca_file=ca_file)

    assert first is second
    assert third is not first


def refused(ca_file: Path) -> NetError:
    with pytest.raises(NetError) as caught:
        context_for(verify=True, ca_file=ca_file)
    return caught.value


def test_a_missing_ca_file_is_named(tmp_path: Path) -> None:
    error = refused(tmp_path / "gone.pem")

    assert (error.phase, error.reason) == (Phase.TLS, Reason.LOCAL)
    assert error.detail == f"the CA file {tmp_path / 'gone.pem'} does not exist"


def test_a_ca_file_that_is_no_pem_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(certificates().good.der)

    error = refused(tmp_path / "ca.pem")

    assert error.detail == (
        f"the CA file {tmp_path / 'ca.pem'} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
    )


def test_a_ca_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    error = refused(tmp_path)

    assert error.reason is Reason.LOCAL
    assert str(tmp_path) in error.detail


def test_an_account_may_ask_for_a_newer_version_of_tls() -> None:
    assert context_for(verify=True, min_version=TlsVersion.TLS_1_3).minimum_version is ssl.TLSVersion.TLSv1_3


def shown(cert_file: Path, key_file: Path) -> ssl.SSLContext:
    return context_for(verify=False, client=ClientCertificate(cert_file=cert_file, key_file=key_file))


def test_a_client_certificate_is_read_again_when_it_changes(tmp_path: Path) -> None:
    good = certificates().good
    cert_file = tmp_path / "client.pem"
    shutil.copy(good.cert_file, cert_file)

    first, second = shown(cert_file, good.key_file), shown(cert_file, good.key_file)
    os.utime(cert_file, (1, 1))

    assert first is second
    assert shown(cert_file, good.key_file) is not first


def test_a_client_certificate_and_key_that_do_not_fit_are_named(tmp_path: Path) -> None:
    good, other = certificates().good, certificates().expired
    (tmp_path / "empty.key").write_bytes(b"")

    with pytest.raises(NetError) as mismatch:
        shown(good.cert_file, other.key_file)
    with pytest.raises(NetError) as missing:
        shown(tmp_path / "gone.pem", good.key_file)
    with pytest.raises(NetError) as empty:
        shown(good.cert_file, tmp_path / "empty.key")

    assert mismatch.value.detail.startswith("the client certificate and key do not belong together: ")
    assert missing.value.detail == f"the client certificate {tmp_path / 'gone.pem'} does not exist"
    assert empty.value.detail.startswith("the client certificate and key are no PEM, or the key has a passphrase: ")


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it(tmp_path: Path) -> None:
    good = certificates().good
    key = serialization.load_pem_private_key(good.key_file.read_bytes(), password=None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"hunter2"),
    )
    (tmp_path / "locked.key").write_bytes(locked)

    with pytest.raises(NetError) as caught:
        shown(good.cert_file, tmp_path / "locked.key")

    assert "the key has a passphrase" in caught.value.detail
