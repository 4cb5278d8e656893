"""An account in the words of other programs, to try it with them: Thunderbird's dialog, msmtp, swaks, curl. Pure.

The password is never among it: msmtp is told where to fetch it, the others ask for it. What another program cannot do
is an `ExportError` that says so.
"""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, assert_never

from maild.cli.command_line import ExportError, wrapped
from maild.cli.export_curl import curl_lines, curl_service_lines
from maild.config.model import Account, AuthMechanism, HttpSettings, SmtpSettings, TlsMode, TlsVersion
from maild.config.pin import PinKind
from maild.config.proxy import ProxyKind
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

RECIPIENT: Final = "you@example.com"

_BEARERS: Final = frozenset({AuthMechanism.XOAUTH2, AuthMechanism.OAUTHBEARER})
_KNOWN_TO_SWAKS: Final = frozenset({None, AuthMechanism.PLAIN, AuthMechanism.LOGIN, AuthMechanism.CRAM_MD5})


def export_lines(program: str, account: Account, folder: Path, to: str = RECIPIENT) -> Iterator[str]:
    """The account for that program, one of `PROGRAMS`.

    Raises:
        ExportError: it cannot do that.
    """
    if isinstance(account.transport, HttpSettings):
        if program != "curl":
            raise ExportError(f"{program} speaks SMTP, and the account {account.name} sends by HTTP: --export curl.")
        return curl_service_lines(account, account.transport, folder, to)
    proxy = account.transport.proxy
    if proxy is not None and program in {"swaks", "thunderbird"}:
        raise ExportError(f"{program} has no proxy of its own for an outgoing server: --export curl.")
    if proxy is not None and proxy.kind is not ProxyKind.SOCKS5 and program == "msmtp":
        raise ExportError("msmtp goes through SOCKS5 proxies only: --export curl.")
    if proxy is not None and proxy.login is not None and program == "msmtp":
        raise ExportError("msmtp does not log in to proxies: --export curl.")
    return PROGRAMS[program](account, account.transport, folder, to)


def _thunderbird(account: Account, smtp: SmtpSettings, folder: Path, to: str) -> Iterator[str]:
    del folder, to
    security = {TlsMode.IMPLICIT: "SSL/TLS", TlsMode.STARTTLS: "STARTTLS", TlsMode.NONE: "None"}
    yield "Settings, Outgoing Server (SMTP), Add:"
    yield ""
    yield f"Server Name:            {smtp.host}"
    yield f"Port:                   {smtp.port}"
    yield f"Connection security:    {security[smtp.tls.mode]}"
    yield f"Authentication method:  {_thunderbird_login(account, smtp)}"
    yield f"User Name:              {account.username or '(none)'}"
    yield ""
    yield f"Account, Default Identity: Your Name {account.display_name or '(empty)'}, Email Address {account.sender}"
    if smtp.tls.ca_file is not None:
        yield f"Privacy & Security, Certificates, Authorities, Import: {smtp.tls.ca_file}"


def _thunderbird_login(account: Account, smtp: SmtpSettings) -> str:
    if account.oauth is not None or smtp.auth in _BEARERS:
        return "OAuth2"
    if smtp.auth is AuthMechanism.EXTERNAL:
        return "TLS Certificate"
    if account.username is None or smtp.auth is AuthMechanism.NONE:
        return "No authentication"
    return "Encrypted password" if smtp.auth is AuthMechanism.CRAM_MD5 else "Normal password"


def _msmtp(account: Account, smtp: SmtpSettings, folder: Path, to: str) -> Iterator[str]:
    yield f"# ~/.msmtprc; then: msmtp -a {account.name} {shlex.quote(to)} < message.eml"
    yield f"account {account.name}"
    yield f"host {smtp.host}"
    yield f"port {smtp.port}"
    if smtp.proxy is not None:
        yield f"proxy_host {smtp.proxy.host}"
        yield f"proxy_port {smtp.proxy.port}"
    yield f"tls {'off' if smtp.tls.mode is TlsMode.NONE else 'on'}"
    if smtp.tls.mode is not TlsMode.NONE:
        yield f"tls_starttls {'on' if smtp.tls.mode is TlsMode.STARTTLS else 'off'}"
        yield from _msmtp_trust(smtp, folder)
    yield f"from {account.sender}"
    if smtp.auth is not AuthMechanism.EXTERNAL and (account.username is None or smtp.auth is AuthMechanism.NONE):
        yield "auth off"
        return
    mechanism = smtp.auth or (AuthMechanism.XOAUTH2 if account.oauth is not None else None)
    yield f"auth {'on' if mechanism is None else mechanism.value}"
    # It wants a name whatever the mechanism; an empty one says whoever the certificate is for.
    yield f"user {account.username or shlex.quote('')}"
    if account.oauth is not None:
        yield "# passwordeval must print an access token; maild gets its own."
    elif account.password is not None:
        yield f"passwordeval {_printing(account.password, folder)}"


def _msmtp_trust(smtp: SmtpSettings, folder: Path) -> Iterator[str]:
    tls = smtp.tls
    pinned = next((pin for pin in tls.pins if pin.kind is PinKind.CERTIFICATE), None)
    if pinned is not None:
        yield f"tls_fingerprint {pinned.digest.hex(':').upper()}"
    elif tls.pins and not tls.verify:
        raise ExportError("msmtp holds a pin against the certificate and not against its key: --export curl.")
    elif not tls.verify:
        yield "tls_certcheck off"
    files = {"tls_trust_file": tls.ca_file, "tls_cert_file": tls.cert_file, "tls_key_file": tls.key_file}
    for key, path in files.items():
        if path is not None:
            yield f"{key} {folder / path}"


def _swaks(account: Account, smtp: SmtpSettings, folder: Path, to: str) -> Iterator[str]:
    words = ["swaks", "--server", smtp.host, "--port", str(smtp.port)]
    words += {TlsMode.IMPLICIT: ["--tls-on-connect"], TlsMode.STARTTLS: ["--tls"], TlsMode.NONE: []}[smtp.tls.mode]
    if smtp.tls.pins and not smtp.tls.verify:
        raise ExportError("swaks knows no pins, and without one it would trust anybody here: --export curl.")
    if smtp.tls.mode is not TlsMode.NONE and smtp.tls.verify:
        words.append("--tls-verify")
    if smtp.tls.min_version is TlsVersion.TLS_1_3:
        words += ["--tls-protocol", "tlsv1_3"]
    files = {"--tls-ca-path": smtp.tls.ca_file, "--tls-cert": smtp.tls.cert_file, "--tls-key": smtp.tls.key_file}
    for option, path in files.items():
        if path is not None:
            words += [option, str(folder / path)]
    if account.oauth is not None or smtp.auth in _BEARERS | {AuthMechanism.EXTERNAL}:
        raise ExportError("swaks logs in with passwords only.")
    if account.username is not None and smtp.auth is not AuthMechanism.NONE:
        if smtp.auth not in _KNOWN_TO_SWAKS:
            raise ExportError(f"swaks does not know {smtp.auth}: --export msmtp.")
        words += ["--auth", *([] if smtp.auth is None else [smtp.auth.value.upper()]), "--auth-user", account.username]
    yield from wrapped([*words, "--from", str(account.sender), "--to", to])


PROGRAMS: Final[dict[str, Callable[[Account, SmtpSettings, Path, str], Iterator[str]]]] = {
    "thunderbird": _thunderbird,
    "msmtp": _msmtp,
    "swaks": _swaks,
    "curl": curl_lines,
}


def _printing(reference: SecretReference, folder: Path) -> str:
    """A command that prints the password."""
    match reference:
        case EnvRef(name=name):
            return f"printenv {name}"
        case FileRef(path=path):
            return f"cat {shlex.quote(str(folder / path))}"
        case CredentialRef(name=name):
            return f"systemd-creds cat {shlex.quote(name)}"
        case CommandRef(argv=argv):
            return shlex.join(argv)
        case _:
            assert_never(reference)
