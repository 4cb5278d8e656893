"""An account in the words of curl, which speaks SMTP and HTTP. Pure.

curl asks for passwords; access tokens and keys stand in variables of the shell. The message is in the file message.eml.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, assert_never
from urllib.parse import urlencode

from maild.cli.command_line import ExportError, wrapped
from maild.config.envelope_place import EnvelopePlace
from maild.config.mail_service import service_url
from maild.config.model import Account, AuthMechanism, HttpKind, HttpSettings, HttpTls, SmtpSettings, Tls, TlsMode
from maild.config.model import TlsVersion as Version
from maild.config.pin import PinKind
from maild.config.proxy import Proxy, ProxyKind

_BEARERS: Final = frozenset({AuthMechanism.XOAUTH2, AuthMechanism.OAUTHBEARER})
_SCRAM: Final = frozenset({AuthMechanism.SCRAM_SHA_1, AuthMechanism.SCRAM_SHA_256})
_BOUND: Final = frozenset({AuthMechanism.SCRAM_SHA_1_PLUS, AuthMechanism.SCRAM_SHA_256_PLUS})


def curl_lines(account: Account, smtp: SmtpSettings, folder: Path, to: str) -> Iterator[str]:
    """With a server.

    Raises:
        ExportError: curl cannot do that.
    """
    scheme = "smtps" if smtp.tls.mode is TlsMode.IMPLICIT else "smtp"
    host = f"[{smtp.host}]" if ":" in smtp.host else smtp.host
    words = ["curl", "--url", f"{scheme}://{host}:{smtp.port}", *_proxy(smtp.proxy)]
    if smtp.tls.mode is TlsMode.STARTTLS:
        words.append("--ssl-reqd")
    words += _trust(smtp.tls, folder) + _login(account, smtp)
    yield "# message.eml holds the message, with the line ends of Unix."
    if smtp.auth in _SCRAM:
        yield "# Needs a curl with gsasl: curl --version names it among its features."
    mail = ["--mail-from", str(account.sender), "--mail-rcpt", to, "--crlf", "--upload-file", "message.eml"]
    yield from wrapped([*words, *mail])


def curl_service_lines(account: Account, http: HttpSettings, folder: Path, to: str) -> Iterator[str]:
    """With a mail service.

    Raises:
        ExportError: curl cannot do that.
    """
    url, words = _request(account, http, to)
    if http.kind is HttpKind.GRAPH:
        yield "# message.eml.base64 is made by: base64 -w0 message.eml > message.eml.base64"
    yield from wrapped(["curl", "--url", url, *_trust(http.tls, folder), *_proxy(http.proxy), *words])


def _login(account: Account, smtp: SmtpSettings) -> list[str]:
    auth = smtp.auth
    if auth in _BOUND:
        raise ExportError("curl binds no login to the connection: --export msmtp.")
    if auth is AuthMechanism.EXTERNAL:
        # With the colon it does not ask for a password.
        return ["--user", f"{account.username or ''}:", "--login-options", "AUTH=EXTERNAL"]
    if account.username is None or auth is AuthMechanism.NONE:
        return []
    if account.oauth is not None or auth in _BEARERS:
        return ["--user", account.username, "--oauth2-bearer", "$ACCESS_TOKEN"]
    named = [] if auth is None else ["--login-options", f"AUTH={auth.value.upper()}"]
    return ["--user", account.username, *named]


def _request(account: Account, http: HttpSettings, to: str) -> tuple[str, list[str]]:
    """Where to, and what."""
    url, as_message = service_url(http), ["--header", "Content-Type: message/rfc822", "--data-binary", "@message.eml"]
    token = ["--header", "Authorization: Bearer $ACCESS_TOKEN"]
    match http.kind:
        case HttpKind.FORM:
            words = _form(account, to)
        case HttpKind.RAW:
            url, envelope = _raw_envelope(account, http, to)
            words = [*_raw_login(account, http), *envelope, *as_message]
        case HttpKind.MAILGUN:
            url += f"/v3/{http.domain or account.sender.domain}/messages.mime"
            words = ["--user", "api", "--form-string", f"to={to}", "--form", "message=@message.eml"]
        case HttpKind.GRAPH:
            url += f"/users/{account.sender}/sendMail"
            words = [*token, "--header", "Content-Type: text/plain", "--data-binary", "@message.eml.base64"]
        case HttpKind.GMAIL:
            url += "/upload/gmail/v1/users/me/messages/send?uploadType=media"
            words = [*token, *as_message]
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
    return url, words


def _form(account: Account, to: str) -> list[str]:
    fields = {
        "from": account.display_name or str(account.sender),
        "reply_to": ";".join(map(str, account.reply_to)),
        "to": to,
        "subject": "Test e-mail",
        "body": "<p>Hello</p>",
    }
    return [word for name, value in fields.items() for word in ("--form-string", f"{name}={value}")]


def _raw_envelope(account: Account, http: HttpSettings, to: str) -> tuple[str, list[str]]:
    if http.envelope is EnvelopePlace.QUERY:
        mark = "&" if "?" in http.url else "?"
        return http.url + mark + urlencode({"from": str(account.sender), "to": to}), []
    return http.url, ["--header", f"X-Envelope-From: <{account.sender}>", "--header", f"X-Envelope-To: <{to}>"]


def _raw_login(account: Account, http: HttpSettings) -> list[str]:
    if account.oauth is None and account.password is None:
        return []
    variable = "$KEY" if account.oauth is None else "$ACCESS_TOKEN"
    if http.key_header is not None:
        return ["--header", f"{http.key_header}: {variable}"]
    if account.username is not None and account.oauth is None:
        return ["--user", account.username]
    return ["--header", f"Authorization: Bearer {variable}"]


def _ses_mail(account: Account, to: str) -> dict[str, object]:
    text = {"Subject": {"Data": "Test e-mail"}, "Body": {"Text": {"Data": "Hello"}}}
    return {
        "FromEmailAddress": str(account.sender),
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": text},
    }


def _proxy(proxy: Proxy | None) -> list[str]:
    if proxy is None:
        return []
    # curl asks for the password.
    login = [] if proxy.login is None else ["--proxy-user", proxy.login.username]
    if proxy.kind is ProxyKind.SOCKS5:
        # With the h the proxy looks the name up, as it does for maild.
        return ["--proxy", str(proxy).replace("socks5:", "socks5h:", 1), *login]
    return ["--proxytunnel", "--proxy", str(proxy), *login]


def _trust(tls: Tls | HttpTls, folder: Path) -> list[str]:
    words = [] if tls.verify else ["--insecure"]
    keys = [f"sha256//{pin}" for pin in tls.pins if pin.kind is PinKind.PUBLIC_KEY]
    if len(keys) < len(tls.pins) and not (tls.verify and not keys):
        raise ExportError(
            "curl holds a pin against the key and not against the certificate: pin the key in the account, or "
            "--export msmtp."
        )
    if keys:
        words += ["--pinnedpubkey", ";".join(keys)]
    if tls.min_version is Version.TLS_1_3:
        words.append("--tlsv1.3")
    files = {"--cacert": tls.ca_file, "--cert": tls.cert_file, "--key": tls.key_file}
    return words + [word for option, path in files.items() if path is not None for word in (option, str(folder / path))]
