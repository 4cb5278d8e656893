"""Subjects for checks: an account for a scripted server or service, with everything around it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

from maild.config.model import Account, AuthMechanism, HttpSettings, SmtpSettings, Tls, TlsMode
from maild.config.probe_settings import ProbeSettings
from maild.mail.address import Mailbox
from maild.net.passwords import Passwords
from maild.net.resolver import Resolver
from maild.net.smtp import Timeouts
from maild.probe.events import ProbeEvent
from maild.probe.login_memory import LoginMemory
from maild.probe.subject import LoginMode, Subject
from maild.secret import FileRef, SecretReference
from tests.fakes.certificates import certificates
from tests.fakes.clock import FakeClock
from tests.fakes.resolver import FakeResolver
from tests.fakes.smtp_server import ScriptedSmtpServer

QUICK = Timeouts(connect_s=2.0, greeting_s=0.5, command_s=0.5, quit_s=0.5)


def smtp_account(
    server: ScriptedSmtpServer,
    *,
    host: str = "localhost",
    mode: TlsMode | None = None,
    username: str | None = "billing@shop.example",
    password: SecretReference | None = None,
    auth: AuthMechanism | None = None,
    has_ca_file: bool = True,
    name: str = "billing",
) -> Account:
    """An account that fits the server unless told otherwise; its password is in the file `password`."""
    tls = Tls(
        mode=TlsMode(server.tls) if mode is None else mode,
        ca_file=PurePath(certificates().ca_file) if has_ca_file else None,
    )
    return Account(
        name=name,
        transport=SmtpSettings(host=host, port=server.port, tls=tls, auth=auth),
        username=username,
        email=None if username is not None and "@" in username else Mailbox("billing", "shop.example"),
        password=password or (None if username is None else FileRef(path=PurePath("password"))),
    )


def http_account(url: str) -> Account:
    """An account of an HTTP service."""
    return Account(name="service", transport=HttpSettings(url=url), reply_to=(Mailbox("office", "shop.example"),))


def subject(
    account: Account,
    folder: Path,
    *,
    resolver: Resolver | None = None,
    clock: FakeClock | None = None,
    emit: Callable[[ProbeEvent], None] = lambda _: None,
    login: LoginMode = LoginMode.SAFE,
    timeouts: Timeouts = QUICK,
) -> Subject:
    """The account under probe, with a password file and a memory of logins in that folder."""
    password = folder / "password"
    if not password.exists():
        password.write_text("right")
    made = Subject(
        account=account,
        folder=folder,
        settings=ProbeSettings(),
        resolver=resolver or FakeResolver(),
        clock=clock or FakeClock(),
        keys=Passwords(),
        memory=LoginMemory(folder / "logins.sqlite3"),
        emit=emit,
        login=login,
    )
    return replace(made, timeouts=timeouts)
