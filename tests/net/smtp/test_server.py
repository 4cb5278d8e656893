from datetime import timedelta
from pathlib import Path, PurePath

from maild.config.model import AuthMechanism, SmtpSettings, Tls, TlsMode, TlsVersion
from maild.config.pin import Pin, PinKind
from maild.net.smtp import SmtpServer, Timeouts
from maild.secret import Secret


def test_a_server_is_made_from_an_account_s_settings() -> None:
    tls = Tls(mode=TlsMode.STARTTLS, verify=False, ca_file=PurePath("own/ca.pem"))
    settings = SmtpSettings(host="mail.test", port=587, tls=tls, auth=AuthMechanism.LOGIN)

    server = SmtpServer.of(settings, username="user", password=Secret("x"), folder=Path("/etc/maild/accounts"))

    assert server == SmtpServer(
        host="mail.test",
        port=587,
        mode=TlsMode.STARTTLS,
        verify=False,
        ca_file=Path("/etc/maild/accounts/own/ca.pem"),
        username="user",
        password=Secret("x"),
        auth=AuthMechanism.LOGIN,
    )


def test_an_absolute_ca_file_stays_where_it_is() -> None:
    tls = Tls(mode=TlsMode.IMPLICIT, ca_file=PurePath("/etc/ssl/own.pem"))

    server = SmtpServer.of(
        SmtpSettings(host="h", port=465, tls=tls), username=None, password=None, folder=Path("accounts")
    )

    assert server.ca_file == Path("/etc/ssl/own.pem")
    assert not server.wants_login


def test_a_certificate_is_looked_at_by_the_plain_name() -> None:
    names = {
        host: SmtpServer(host=host, port=25, mode=TlsMode.NONE).tls_name for host in ("mail.test.", "[::1]", "a.b")
    }

    assert names == {"mail.test.": "mail.test", "[::1]": "::1", "a.b": "a.b"}


def test_all_that_an_account_says_of_tls_and_time_is_passed_on() -> None:
    pin = Pin(kind=PinKind.PUBLIC_KEY, digest=bytes(32))
    tls = Tls(
        mode=TlsMode.IMPLICIT,
        min_version=TlsVersion.TLS_1_3,
        pins=(pin,),
        cert_file=PurePath("c.pem"),
        key_file=PurePath("c.key"),
    )
    settings = SmtpSettings(host="h", port=465, tls=tls, timeout=timedelta(seconds=30))

    server = SmtpServer.of(settings, username=None, password=None, folder=Path("/a"))

    assert (server.min_version, server.pins) == (TlsVersion.TLS_1_3, (pin,))
    assert (server.cert_file, server.key_file) == (Path("/a/c.pem"), Path("/a/c.key"))
    assert server.timeout_s == 30.0


def test_a_shorter_time_leaves_the_message_itself_what_rfc_5321_gives_it() -> None:
    usual = Timeouts()

    short, long = usual.within(30.0), usual.within(1200.0)

    assert (short.connect_s, short.greeting_s, short.command_s, short.envelope_s) == (30.0,) * 4
    assert (short.data_s, short.block_s, short.end_s) == (usual.data_s, usual.block_s, usual.end_s)
    assert (long.command_s, long.data_s, long.end_s) == (1200.0,) * 3
    assert (short.quit_s, usual.within(None)) == (usual.quit_s, usual)


def test_a_password_is_not_in_the_repr() -> None:
    server = SmtpServer(host="h", port=25, mode=TlsMode.NONE, username="user", password=Secret("hunter2"))

    assert "hunter2" not in repr(server)
