"""An account in the words of other programs, to try it with them: Thunderbird's dialog, msmtp, swaks, curl. Pure.

The password is never among it: msmtp is told where to fetch it, the others ask for it. What another program cannot do
is an `ExportError` that says so.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import Final, assert_never

from maild.config.mail_service import service_url
from maild.config.model import Account, AuthMechanism, HttpKind, HttpSettings, SmtpSettings, TlsMode
from maild.config.proxy import Proxy, ProxyKind
from maild.errors import UsageError
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

RECIPIENT: Final = "you@example.com"

_VARIABLE: Final = re.compile(r"(?:[A-Za-z0-9-]+: (?:Bearer )?)?\$(?:KEY|ACCESS_TOKEN)")
_BEARERS: Final = frozenset({AuthMechanism.XOAUTH2, AuthMechanism.OAUTHBEARER})


class ExportError(UsageError):
    """The program cannot do what the account does."""


def export_lines(program: str, account: Account, folder: Path, to: str = RECIPIENT) -> Iterator[str]:
    """The account for that program, one of `PROGRAMS`.

    Raises:
        ExportError: it cannot do that.
    """
    if isinstance(account.transport, HttpSettings):
        if program != "curl":
            raise ExportError(f"{program} speaks SMTP, and the account {account.name} sends by HTTP: --export curl.")
        return _curl_http(account, account.transport, to)
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
        if not smtp.tls.verify:
            yield "tls_certcheck off"
        files = {"tls_trust_file": smtp.tls.ca_file, "tls_cert_file": smtp.tls.cert_file}
        for key, path in (files | {"tls_key_file": smtp.tls.key_file}).items():
            if path is not None:
                yield f"{key} {folder / path}"
    yield f"from {account.sender}"
    if account.username is None or smtp.auth is AuthMechanism.NONE:
        yield "auth off"
        return
    mechanism = smtp.auth or (AuthMechanism.XOAUTH2 if account.oauth is not None else None)
    yield f"auth {'on' if mechanism is None else mechanism.value}"
    yield f"user {account.username}"
    if account.oauth is not None:
        yield "# passwordeval must print an access token; maild gets its own."
    elif account.password is not None:
        yield f"passwordeval {_printing(account.password, folder)}"


def _swaks(account: Account, smtp: SmtpSettings, folder: Path, to: str) -> Iterator[str]:
    words = ["swaks", "--server", smtp.host, "--port", str(smtp.port)]
    words += {TlsMode.IMPLICIT: ["--tls-on-connect"], TlsMode.STARTTLS: ["--tls"], TlsMode.NONE: []}[smtp.tls.mode]
    if smtp.tls.mode is not TlsMode.NONE and smtp.tls.verify:
        words.append("--tls-verify")
    files = {"--tls-ca-path": smtp.tls.ca_file, "--tls-cert": smtp.tls.cert_file, "--tls-key": smtp.tls.key_file}
    for option, path in files.items():
        if path is not None:
            words += [option, str(folder / path)]
    if account.username is not None and smtp.auth is not AuthMechanism.NONE:
        if account.oauth is not None or smtp.auth in _BEARERS | {AuthMechanism.EXTERNAL}:
            raise ExportError("swaks logs in with passwords only.")
        words += ["--auth", *([] if smtp.auth is None else [smtp.auth.value.upper()]), "--auth-user", account.username]
    yield from _wrapped([*words, "--from", str(account.sender), "--to", to])


def _curl(account: Account, smtp: SmtpSettings, folder: Path, to: str) -> Iterator[str]:
    scheme = "smtps" if smtp.tls.mode is TlsMode.IMPLICIT else "smtp"
    words = ["curl", "--url", f"{scheme}://{_bracketed(smtp.host)}:{smtp.port}"]
    words += _curl_proxy(smtp.proxy)
    if smtp.tls.mode is TlsMode.STARTTLS:
        words.append("--ssl-reqd")
    words += _curl_trust(smtp.tls.ca_file and folder / smtp.tls.ca_file, is_verified=smtp.tls.verify)
    if smtp.tls.cert_file is not None and smtp.tls.key_file is not None:
        words += ["--cert", str(folder / smtp.tls.cert_file), "--key", str(folder / smtp.tls.key_file)]
    if account.username is not None and smtp.auth is not AuthMechanism.NONE:
        words += ["--user", account.username]
        if account.oauth is not None or smtp.auth in _BEARERS:
            words += ["--oauth2-bearer", "$ACCESS_TOKEN"]
        elif smtp.auth is not None:
            words += ["--login-options", f"AUTH={smtp.auth.value.upper()}"]
    yield from _wrapped([*words, "--mail-from", str(account.sender), "--mail-rcpt", to, "--upload-file", "message.eml"])


def _curl_http(account: Account, http: HttpSettings, to: str) -> Iterator[str]:
    url = service_url(http)
    trust = _curl_trust(http.tls.ca_file, is_verified=http.tls.verify) + _curl_proxy(http.proxy)
    token = ["--header", "Authorization: Bearer $ACCESS_TOKEN"]
    match http.kind:
        case HttpKind.FORM:
            words = _curl_form(account, to)
        case HttpKind.RAW:
            words = _curl_raw(account, http, to)
        case HttpKind.MAILGUN:
            url += f"/v3/{http.domain or account.sender.domain}/messages.mime"
            words = ["--user", "api", "--form-string", f"to={to}", "--form", "message=@message.eml"]
        case HttpKind.GRAPH:
            url += f"/users/{account.sender}/sendMail"
            words = [*token, "--header", "Content-Type: text/plain", "--data-binary", "@message.eml.base64"]
        case HttpKind.GMAIL:
            url += "/upload/gmail/v1/users/me/messages/send?uploadType=media"
            words = [*token, "--header", "Content-Type: message/rfc822", "--data-binary", "@message.eml"]
        case HttpKind.RESEND:
            url += "/emails"
            mail = {"from": str(account.sender), "to": [to], "subject": "Test e-mail", "html": "Hello"}
            words = ["--header", "Authorization: Bearer $KEY", "--json", json.dumps(mail)]
        case HttpKind.JMAP:
            raise ExportError("JMAP sends in several requests, which no command line of curl does.")
        case HttpKind.SES:
            url += "/v2/email/outbound-emails"
            words = ["--aws-sigv4", f"aws:amz:{http.region}:ses", "--user", account.username or ""]
            words += ["--json", json.dumps(_ses_mail(account, to))]
        case _:
            assert_never(http.kind)
    yield from _wrapped(["curl", "--url", url, *trust, *words])


def _curl_form(account: Account, to: str) -> list[str]:
    fields = {
        "from": account.display_name or str(account.sender),
        "reply_to": ";".join(map(str, account.reply_to)),
        "to": to,
        "subject": "Test e-mail",
        "body": "<p>Hello</p>",
    }
    return [word for name, value in fields.items() for word in ("--form-string", f"{name}={value}")]


def _curl_raw(account: Account, http: HttpSettings, to: str) -> list[str]:
    login = f"{http.key_header}: $KEY" if http.key_header else "Authorization: Bearer $KEY"
    words = ["--header", login] if account.username is None else ["--user", account.username]
    words += ["--header", f"X-Envelope-From: <{account.sender}>", "--header", f"X-Envelope-To: <{to}>"]
    return [*words, "--header", "Content-Type: message/rfc822", "--data-binary", "@message.eml"]


def _ses_mail(account: Account, to: str) -> dict[str, object]:
    text = {"Subject": {"Data": "Test e-mail"}, "Body": {"Text": {"Data": "Hello"}}}
    return {
        "FromEmailAddress": str(account.sender),
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": text},
    }


PROGRAMS: Final[dict[str, Callable[[Account, SmtpSettings, Path, str], Iterator[str]]]] = {
    "thunderbird": _thunderbird,
    "msmtp": _msmtp,
    "swaks": _swaks,
    "curl": _curl,
}


def _curl_proxy(proxy: Proxy | None) -> list[str]:
    if proxy is None:
        return []
    # curl asks for the password.
    login = [] if proxy.login is None else ["--proxy-user", proxy.login.username]
    if proxy.kind is ProxyKind.SOCKS5:
        # With the h the proxy looks the name up, as it does for maild.
        return ["--proxy", str(proxy).replace("socks5:", "socks5h:", 1), *login]
    return ["--proxytunnel", "--proxy", str(proxy), *login]


def _curl_trust(ca_file: PurePath | None, *, is_verified: bool) -> list[str]:
    return ([] if is_verified else ["--insecure"]) + ([] if ca_file is None else ["--cacert", str(ca_file)])


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


def _wrapped(words: list[str]) -> Iterator[str]:
    """A command line, an option a line."""
    program, *rest = words
    lines = [program]
    for word in rest:
        # A variable of ours the shell puts a value for; nothing else in an account is one.
        plain = f'"{word}"' if _VARIABLE.fullmatch(word) else shlex.quote(word)
        if word.startswith("-"):
            lines.append(f"  {plain}")
        else:
            lines[-1] += f" {plain}"
    yield from (f"{line} \\" for line in lines[:-1])
    yield lines[-1]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
