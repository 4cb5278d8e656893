from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from maild.cli.command_line import ExportError
from maild.cli.export_text import PROGRAMS, export_lines
from maild.config.envelope_place import EnvelopePlace
from maild.config.model import (
    Account,
    AuthMechanism,
    HttpKind,
    HttpSettings,
    HttpTls,
    SmtpSettings,
    Tls,
    TlsMode,
    TlsVersion,
)
from maild.config.oauth_settings import OauthProvider, OauthSettings
from maild.config.pin import Pin, PinKind
from maild.config.proxy import Proxy, ProxyKind, ProxyLogin
from maild.mail.address import Mailbox
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference
from tests.rows import each_row

FOLDER = Path("/etc/maild/accounts")
FILE = FileRef(path=PurePath("the password"))
TOKENS = OauthSettings(provider=OauthProvider.MICROSOFT, client_id="abc")


def smtp(
    mode: TlsMode = TlsMode.IMPLICIT,
    *,
    auth: AuthMechanism | None = None,
    username: str | None = "billing@shop.example",
    password: SecretReference | None = FILE,
    oauth: OauthSettings | None = None,
    tls: Tls | None = None,
) -> Account:
    settings = SmtpSettings(host="mail.shop.example", port=465, tls=tls or Tls(mode=mode), auth=auth)
    return Account(
        name="billing",
        transport=settings,
        username=username,
        email=Mailbox("billing", "shop.example"),
        password=password,
        oauth=oauth,
    )


def exported(program: str, account: Account) -> str:
    return "\n".join(export_lines(program, account, FOLDER, "me@x.example"))


def test_thunderbird_is_told_in_the_words_of_its_dialog() -> None:
    assert exported("thunderbird", smtp(tls=Tls(mode=TlsMode.STARTTLS, ca_file=PurePath("ca.pem")))) == (
        "Settings, Outgoing Server (SMTP), Add:\n\n"
        "Server Name:            mail.shop.example\n"
        "Port:                   465\n"
        "Connection security:    STARTTLS\n"
        "Authentication method:  Normal password\n"
        "User Name:              billing@shop.example\n\n"
        "Account, Default Identity: Your Name (empty), Email Address billing@shop.example\n"
        "Privacy & Security, Certificates, Authorities, Import: ca.pem"
    )


@each_row(
    ("account", "words"),
    [
        (smtp(oauth=TOKENS), "OAuth2"),
        (smtp(auth=AuthMechanism.XOAUTH2), "OAuth2"),
        (smtp(auth=AuthMechanism.EXTERNAL), "TLS Certificate"),
        (smtp(auth=AuthMechanism.NONE), "No authentication"),
        (smtp(username=None), "No authentication"),
        (smtp(auth=AuthMechanism.CRAM_MD5), "Encrypted password"),
    ],
)
def test_thunderbird_calls_each_login_by_its_own_name(account: Account, words: str) -> None:
    assert f"Authentication method:  {words}\n" in exported("thunderbird", account)


def test_msmtp_fetches_the_password_itself() -> None:
    tls = Tls(
        mode=TlsMode.STARTTLS,
        verify=False,
        ca_file=PurePath("ca.pem"),
        cert_file=PurePath("c.pem"),
        key_file=PurePath("/k.pem"),
    )

    assert exported("msmtp", smtp(tls=tls, auth=AuthMechanism.LOGIN)) == (
        "# ~/.msmtprc; then: msmtp -a billing me@x.example < message.eml\n"
        "account billing\nhost mail.shop.example\nport 465\ntls on\ntls_starttls on\ntls_certcheck off\n"
        "tls_trust_file /etc/maild/accounts/ca.pem\ntls_cert_file /etc/maild/accounts/c.pem\ntls_key_file /k.pem\n"
        "from billing@shop.example\nauth login\nuser billing@shop.example\n"
        "passwordeval cat '/etc/maild/accounts/the password'"
    )


@each_row(
    ("password", "words"),
    [
        (EnvRef(name="X"), "passwordeval printenv X"),
        (CredentialRef(name="billing"), "passwordeval systemd-creds cat billing"),
        (CommandRef(argv=("pass", "show", "a b")), "passwordeval pass show 'a b'"),
        (None, "user billing@shop.example"),
    ],
)
def test_every_reference_is_a_command_for_msmtp(password: SecretReference | None, words: str) -> None:
    assert exported("msmtp", smtp(password=password)).endswith(
        f"auth on\nuser billing@shop.example\n{words}".replace("user billing@shop.example\nuser", "user")
    )


def test_msmtp_is_told_of_tokens_and_of_no_login() -> None:
    assert "auth xoauth2\nuser billing@shop.example\n# passwordeval must print" in exported("msmtp", smtp(oauth=TOKENS))
    assert exported("msmtp", smtp(TlsMode.NONE, username=None)).endswith("tls off\nfrom billing@shop.example\nauth off")


def test_swaks_asks_for_the_password() -> None:
    tls = Tls(mode=TlsMode.IMPLICIT, ca_file=PurePath("ca.pem"))

    assert exported("swaks", smtp(tls=tls)) == (
        "swaks \\\n  --server mail.shop.example \\\n  --port 465 \\\n  --tls-on-connect \\\n  --tls-verify \\\n"
        "  --tls-ca-path /etc/maild/accounts/ca.pem \\\n  --auth \\\n  --auth-user billing@shop.example \\\n"
        "  --from billing@shop.example \\\n  --to me@x.example"
    )
    assert "--auth CRAM-MD5" in exported("swaks", smtp(TlsMode.STARTTLS, auth=AuthMechanism.CRAM_MD5))
    assert "auth" not in exported("swaks", smtp(TlsMode.NONE, auth=AuthMechanism.NONE))
    with pytest.raises(ExportError):
        exported("swaks", smtp(oauth=TOKENS))


def test_curl_speaks_smtp_in_each_mode() -> None:
    tls = Tls(mode=TlsMode.IMPLICIT, verify=False, cert_file=PurePath("c.pem"), key_file=PurePath("k.pem"))

    assert exported("curl", smtp(tls=tls, auth=AuthMechanism.PLAIN)) == (
        "# message.eml holds the message, with the line ends of Unix.\n"
        "curl \\\n  --url smtps://mail.shop.example:465 \\\n  --insecure \\\n"
        "  --cert /etc/maild/accounts/c.pem \\\n  --key /etc/maild/accounts/k.pem \\\n"
        "  --user billing@shop.example \\\n  --login-options AUTH=PLAIN \\\n"
        "  --mail-from billing@shop.example \\\n  --mail-rcpt me@x.example \\\n  --crlf \\\n  --upload-file message.eml"
    )
    starttls = exported("curl", smtp(tls=Tls(mode=TlsMode.STARTTLS, ca_file=PurePath("ca.pem")), oauth=TOKENS))
    assert "--url smtp://mail.shop.example:465 \\\n  --ssl-reqd" in starttls
    assert '--oauth2-bearer "$ACCESS_TOKEN"' in starttls
    assert "--cacert /etc/maild/accounts/ca.pem" in starttls
    assert "--user" not in exported("curl", smtp(username=None))
    assert "--login-options" not in exported("curl", smtp())


def http(kind: HttpKind, *, username: str | None = None, key_header: str | None = None) -> Account:
    url = "https://x.example/send" if kind in {HttpKind.FORM, HttpKind.RAW} else ""
    settings = HttpSettings(url=url, kind=kind, region="eu-central-1", key_header=key_header)
    sender = Mailbox("billing", "shop.example")
    password = None if kind is HttpKind.FORM else FILE
    return Account(
        name="shop", transport=settings, username=username, password=password, email=sender, reply_to=(sender,)
    )


def by_query(url: str) -> Account:
    settings = HttpSettings(url=url, kind=HttpKind.RAW, envelope=EnvelopePlace.QUERY)
    return replace(http(HttpKind.RAW), transport=settings)


@each_row(
    ("account", "words"),
    [
        (http(HttpKind.FORM), "--form-string reply_to=billing@shop.example"),
        (http(HttpKind.RAW), '--header "Authorization: Bearer $KEY"'),
        (http(HttpKind.RAW, key_header="X-Key"), '--header "X-Key: $KEY"'),
        (http(HttpKind.RAW, username="bob"), "--user bob"),
        (replace(http(HttpKind.RAW), password=None), "--url https://x.example/send \\\n  --header 'X-Envelope-From"),
        (replace(http(HttpKind.RAW, username="a@b.c"), oauth=TOKENS), '--header "Authorization: Bearer $ACCESS_TOKEN"'),
        (by_query("https://x.example/"), "--url 'https://x.example/?from=billing%40shop.example&to=me%40x.example'"),
        (by_query("https://x.example/?a"), "--url 'https://x.example/?a&from=billing"),
        (http(HttpKind.MAILGUN), "--url https://api.mailgun.net/v3/shop.example/messages.mime"),
        (http(HttpKind.GRAPH), "--url https://graph.microsoft.com/v1.0/users/billing@shop.example/sendMail"),
        (http(HttpKind.GMAIL), '--header "Authorization: Bearer $ACCESS_TOKEN"'),
        (http(HttpKind.RESEND), "--url https://api.resend.com/emails"),
        (http(HttpKind.SES, username="AKID"), "--aws-sigv4 aws:amz:eu-central-1:ses \\\n  --user AKID"),
    ],
)
def test_curl_speaks_to_every_kind_of_service(account: Account, words: str) -> None:
    assert words in exported("curl", account)


def test_a_server_without_a_name_stands_in_brackets() -> None:
    account = smtp()
    settings = account.transport
    assert isinstance(settings, SmtpSettings)

    assert "smtps://[::1]:465" in exported("curl", replace(account, transport=replace(settings, host="::1")))


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "curl"])
def test_a_mail_program_is_no_way_to_an_http_service(program: str) -> None:
    with pytest.raises(ExportError, match="--export curl"):
        exported(program, http(HttpKind.RESEND))


def test_a_name_that_looks_like_a_variable_is_none() -> None:
    assert "--user '$HOME'" in exported("curl", smtp(username="$HOME"))


@pytest.mark.parametrize(
    ("program", "kind", "words"),
    [
        ("curl", ProxyKind.SOCKS5, "--proxy socks5h://proxy.shop.example:1080"),
        ("curl", ProxyKind.HTTP, "--proxytunnel \\\n  --proxy http://proxy.shop.example:1080"),
        ("msmtp", ProxyKind.SOCKS5, "proxy_host proxy.shop.example\nproxy_port 1080"),
    ],
)
def test_the_way_by_a_proxy(program: str, kind: ProxyKind, words: str) -> None:
    assert words in exported(program, by_proxy(kind))


@pytest.mark.parametrize(
    ("program", "kind"),
    [("msmtp", ProxyKind.HTTP), ("swaks", ProxyKind.SOCKS5), ("thunderbird", ProxyKind.SOCKS5)],
)
def test_a_program_without_such_a_way_says_so(program: str, kind: ProxyKind) -> None:
    with pytest.raises(ExportError, match="prox"):
        exported(program, by_proxy(kind))


def test_jmap_is_no_command_line() -> None:
    with pytest.raises(ExportError, match="several requests"):
        exported("curl", replace(smtp(), transport=HttpSettings(url="", kind=HttpKind.JMAP)))


def test_a_service_by_a_proxy() -> None:
    http = HttpSettings(url="https://email.example/send", proxy=Proxy(kind=ProxyKind.HTTP, host="p.example", port=1))

    assert "--proxy http://p.example:1" in exported("curl", replace(smtp(), transport=http))


def test_a_proxy_that_wants_a_login_is_told_the_name_and_asks_for_the_password() -> None:
    login = ProxyLogin(username="maild", password=EnvRef(name="PROXY"))
    account = by_proxy(ProxyKind.SOCKS5)
    assert isinstance(account.transport, SmtpSettings)
    assert account.transport.proxy is not None
    transport = replace(account.transport, proxy=replace(account.transport.proxy, login=login))

    assert "--proxy-user maild" in exported("curl", replace(account, transport=transport))
    with pytest.raises(ExportError, match="does not log in to proxies"):
        exported("msmtp", replace(account, transport=transport))


def by_proxy(kind: ProxyKind) -> Account:
    account = smtp()
    assert isinstance(account.transport, SmtpSettings)
    proxy = Proxy(kind=kind, host="proxy.shop.example", port=1080)
    return replace(account, transport=replace(account.transport, proxy=proxy))


CERTIFICATE = Pin(kind=PinKind.CERTIFICATE, digest=bytes(31) + b"\xab")
KEY = Pin(kind=PinKind.PUBLIC_KEY, digest=bytes(32))


def pinned(*pins: Pin, verify: bool = False) -> Account:
    return smtp(tls=Tls(mode=TlsMode.IMPLICIT, verify=verify, pins=pins))


def test_a_pin_goes_along_where_the_program_can_hold_it() -> None:
    assert f"--insecure \\\n  --pinnedpubkey 'sha256//{KEY};sha256//{KEY}'" in exported("curl", pinned(KEY, KEY))
    assert f"\ntls_fingerprint {'00:' * 31}AB\nfrom" in exported("msmtp", pinned(KEY, CERTIFICATE))
    # Where the certificate is verified besides, a program without the pin trusts no stranger.
    assert "--pinnedpubkey" not in exported("curl", pinned(CERTIFICATE, verify=True))
    assert "--tls-verify" in exported("swaks", pinned(CERTIFICATE, verify=True))
    assert "tls_fingerprint" not in exported("msmtp", pinned(KEY, verify=True))


@pytest.mark.parametrize(
    ("program", "account"),
    [
        ("curl", pinned(CERTIFICATE)),
        ("curl", pinned(CERTIFICATE, KEY, verify=True)),
        ("swaks", pinned(CERTIFICATE)),
        ("msmtp", pinned(KEY)),
    ],
)
def test_nobody_is_trusted_because_a_program_knows_no_such_pin(program: str, account: Account) -> None:
    with pytest.raises(ExportError, match="pin"):
        exported(program, account)


def test_a_service_is_looked_at_as_the_account_has_it() -> None:
    tls = HttpTls(
        ca_file=PurePath("ca.pem"),
        min_version=TlsVersion.TLS_1_3,
        cert_file=PurePath("c.pem"),
        key_file=PurePath("k.pem"),
    )
    account = replace(smtp(), transport=HttpSettings(url="https://email.example/send", tls=tls))

    assert (
        "  --tlsv1.3 \\\n  --cacert /etc/maild/accounts/ca.pem \\\n  --cert /etc/maild/accounts/c.pem \\\n"
        "  --key /etc/maild/accounts/k.pem \\\n" in exported("curl", account)
    )
    new = smtp(tls=Tls(mode=TlsMode.IMPLICIT, min_version=TlsVersion.TLS_1_3))
    assert "--tls-protocol tlsv1_3" in exported("swaks", new)


def test_a_login_by_certificate_needs_no_name() -> None:
    tls = Tls(mode=TlsMode.IMPLICIT, cert_file=PurePath("c.pem"), key_file=PurePath("k.pem"))
    nameless = smtp(tls=tls, auth=AuthMechanism.EXTERNAL, username=None, password=None)

    assert exported("msmtp", nameless).endswith("auth external\nuser ''")
    assert "--user : \\\n  --login-options AUTH=EXTERNAL" in exported("curl", nameless)
    with pytest.raises(ExportError, match="passwords only"):
        exported("swaks", nameless)


def test_mechanisms_that_a_program_does_not_know_are_said() -> None:
    bound, scram = (smtp(auth=one) for one in (AuthMechanism.SCRAM_SHA_256_PLUS, AuthMechanism.SCRAM_SHA_256))

    assert "# Needs a curl with gsasl" in exported("curl", scram)
    with pytest.raises(ExportError, match="binds no login"):
        exported("curl", bound)
    with pytest.raises(ExportError, match="does not know scram-sha-256: --export msmtp"):
        exported("swaks", scram)


def test_the_form_that_graph_wants_is_explained() -> None:
    assert exported("curl", http(HttpKind.GRAPH)).startswith("# message.eml.base64 is made by: base64 -w0 message.eml")
