import os
import shutil
import ssl
from pathlib import Path

import pytest

from maild.mail.phase import Phase
from maild.net.step import NetError, Reason
from maild.net.tls import context_for
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
