from pathlib import Path, PurePath

from maild.config.model import AuthMechanism, SmtpSettings, Tls, TlsMode
from maild.net.smtp import SmtpServer
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


def test_a_password_is_not_in_the_repr() -> None:
    server = SmtpServer(host="h", port=25, mode=TlsMode.NONE, username="user", password=Secret("hunter2"))

    assert "hunter2" not in repr(server)
