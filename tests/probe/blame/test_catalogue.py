from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.model import Account, HttpSettings, SmtpSettings, Tls, TlsMode
from maild.config.proxy import Proxy, ProxyKind
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.net.step import NetError, Reason
from maild.probe.blame import CASES, Blame, Owner, Scene, Target, blame
from maild.probe.evidence import Evidence, Knock, KnockResult, Said, Witness
from maild.probe.result import CertificateFacts
from tests.rows import each_row

CERTIFICATE = CertificateFacts(
    subject="CN=other.test",
    issuer="CN=Test Trust",
    not_before=datetime(2020, 1, 1, tzinfo=UTC),
    not_after=datetime(2030, 1, 1, tzinfo=UTC),
    sha256="00",
    names=("other.test", "www.other.test"),
)


def smtp(
    host: str = "mail.shop.example",
    port: int = 587,
    mode: TlsMode = TlsMode.STARTTLS,
    username: str | None = "billing@shop.example",
    ca_file: str | None = None,
) -> Target:
    tls = Tls(mode=mode, ca_file=None if ca_file is None else PurePath(ca_file))
    return Target.of(Account(name="a", transport=SmtpSettings(host=host, port=port, tls=tls), username=username))


def http(url: str = "https://mail.example/send") -> Target:
    return Target.of(Account(name="a", transport=HttpSettings(url=url), reply_to=(Mailbox("a", "shop.example"),)))


PROXY = Proxy(kind=ProxyKind.SOCKS5, host="proxy.example.com", port=1080)


def by_proxy(target: Target) -> Target:
    return replace(target, proxy=PROXY)


OWN = smtp()
IMPLICIT = smtp(port=465, mode=TlsMode.IMPLICIT)
GMAIL = smtp("smtp.gmail.com", 465, TlsMode.IMPLICIT)
YAHOO = smtp("smtp.mail.yahoo.com", 465, TlsMode.IMPLICIT)
SENDGRID = smtp("smtp.sendgrid.net", username="bob@x.example")
OFFICE = smtp("smtp.office365.com")
HTTP = http()


def scene(
    phase: Phase,
    reason: Reason,
    target: Target = OWN,
    reply: str | None = None,
    problem: str | None = None,
    *,
    evidence: Evidence | None = None,
) -> Scene:
    return Scene(
        phase=phase,
        reason=reason,
        target=target,
        reply=None if reply is None else Reply.of(int(reply[:3]), reply[4:]),
        certificate=None if problem is None else replace(CERTIFICATE, problem=problem),
        evidence=evidence,
    )


def knocks(*results: str) -> tuple[Knock, ...]:
    """Each is a port and what became of it, such as "587 open"; every one at a host of its own."""
    parts = [one.split() for one in results]
    return tuple(
        Knock(host=f"h{index}.example", port=int(port), result=KnockResult(word))
        for index, (port, word) in enumerate(parts)
    )


SILENCE = Evidence(port=587, own=knocks("465 silent"), controls=knocks("587 silent", "465 silent"))
BLOCKED = Evidence(port=25, controls=knocks("25 silent", "25 silent", "25 closed", "587 open"))
BLOCKED_HERE = Evidence(port=587, own=knocks("465 open", "25 silent"), controls=knocks("587 silent", "587 silent"))
OTHER_PORT = Evidence(port=587, own=knocks("465 open", "25 open"))
DIVIDED = Evidence(port=587, witnesses=(Witness(server="a", said=Said.DENIES), Witness(server="b", said=Said.KNOWS)))
ALONE = Evidence(port=587, witnesses=(Witness(server="b", said=Said.KNOWS),))
DOWN = Evidence(port=587, own=knocks("465 silent"), controls=knocks("587 open", "587 silent"))


def answer(seen: Scene) -> Blame:
    error = NetError(seen.phase, seen.reason, "words", reply=seen.reply)
    return blame(error, seen.target, seen.certificate, seen.evidence)


P, R, By = Phase, Reason, Owner
TABLE: list[tuple[Scene, str, Owner, str, str]] = [
    # what failed; code, whose fault, how the cause begins, the line to change
    (scene(P.RESOLVE, R.NAME, by_proxy(GMAIL)), "ML710", By.YOU, "The proxy socks5://proxy", "/smtp/proxy"),
    (
        scene(P.CONNECT, R.SECRET, by_proxy(OWN)),
        "ML720",
        By.YOU,
        "The password for the proxy socks5://proxy",
        "/smtp/proxy_login/password",
    ),
    (scene(P.CONNECT, R.REFUSED, by_proxy(HTTP)), "ML720", By.YOU, "The proxy socks5://proxy", "/http/proxy_login"),
    (scene(P.CONNECT, R.TIMEOUT, by_proxy(OWN)), "ML720", By.NETWORK, "There is no way through", "/smtp/proxy"),
    (scene(P.CONNECT, R.TIMEOUT, evidence=SILENCE), "ML783", By.NETWORK, "Nobody can be reached", ""),
    (scene(P.RESOLVE, R.NAME, evidence=DIVIDED), "ML713", By.DNS, "By the name server a there is no host", ""),
    (scene(P.RESOLVE, R.DNS, evidence=ALONE), "ML713", By.DNS, "This machine could not look up", ""),
    (
        scene(P.CONNECT, R.TIMEOUT, smtp(port=25), evidence=BLOCKED),
        "ML784",
        By.NETWORK,
        "Outgoing port 25 is blocked by your network.",
        "/smtp/port",
    ),
    (
        scene(P.CONNECT, R.TIMEOUT, evidence=BLOCKED_HERE),
        "ML784",
        By.NETWORK,
        "Outgoing port 587 is blocked by your network; mail.shop.example answers on 465.",
        "/smtp/port",
    ),
    (
        scene(P.CONNECT, R.REFUSED, evidence=OTHER_PORT),
        "ML720",
        By.YOU,
        "mail.shop.example does not answer on port 587, but on 465 and 25.",
        "/smtp/port",
    ),
    (scene(P.CONNECT, R.TIMEOUT, evidence=DOWN), "ML720", By.PROVIDER, "mail.shop.example is down", "/smtp/host"),
    (scene(P.CONNECT, R.LOCAL), "ML734", By.YOU, "This machine could not", "/smtp/tls/ca_file"),
    (
        scene(P.RESOLVE, R.NAME, smtp("smtp.gmial.com")),
        "ML710",
        By.YOU,
        'There is no host "smtp.gmial.com"; "s',
        "/smtp/host",
    ),
    (scene(P.RESOLVE, R.NAME, GMAIL), "ML710", By.DNS, 'The name server says that there is no host "smtp.gm', ""),
    (scene(P.RESOLVE, R.NAME), "ML710", By.YOU, 'There is no host "mail.shop.example".', "/smtp/host"),
    (scene(P.RESOLVE, R.NAME, HTTP), "ML710", By.YOU, 'There is no host "mail.example".', "/http/url"),
    (scene(P.RESOLVE, R.DNS), "ML733", By.DNS, "No name server told", ""),
    (
        scene(P.CONNECT, R.REFUSED, smtp("127.0.0.1")),
        "ML720",
        By.YOU,
        "Nothing listens on port 587 of this",
        "/smtp/port",
    ),
    (scene(P.CONNECT, R.UNREACHABLE), "ML720", By.NETWORK, "This machine has no way to", ""),
    (scene(P.CONNECT, R.TIMEOUT, smtp(port=25)), "ML720", By.NETWORK, "Outgoing connections to port 25", "/smtp/port"),
    (scene(P.CONNECT, R.TIMEOUT, GMAIL), "ML720", By.NETWORK, "Gmail does serve port 465", "/smtp/port"),
    (
        scene(P.CONNECT, R.TIMEOUT, smtp("smtp.gmail.com", 2525)),
        "ML720",
        By.YOU,
        "Gmail does not serve port 2525.",
        "/smtp/port",
    ),
    (scene(P.CONNECT, R.REFUSED), "ML720", By.YOU, "mail.shop.example is there and nothing", "/smtp/port"),
    (scene(P.CONNECT, R.REFUSED, HTTP), "ML720", By.PROVIDER, "mail.example is there and nothing", "/http/url"),
    (scene(P.CONNECT, R.TIMEOUT), "ML720", By.NETWORK, "mail.shop.example does not answer on port 587", "/smtp/port"),
    (
        scene(P.BANNER, R.TIMEOUT, smtp(port=465)),
        "ML724",
        By.YOU,
        "Port 465 speaks TLS from the first",
        "/smtp/tls/mode",
    ),
    (
        scene(P.TLS, R.TLS_MODE, IMPLICIT),
        "ML724",
        By.YOU,
        "Port 465 of mail.shop.example begins in clear",
        "/smtp/tls/mode",
    ),
    (scene(P.TLS, R.TLS_MODE, HTTP), "ML724", By.YOU, "Port 443 of mail.example does not speak TLS", "/http/url"),
    (scene(P.BANNER, R.TLS_MODE), "ML724", By.YOU, "Port 587 of mail.shop.example speaks TLS from", "/smtp/tls/mode"),
    (
        scene(P.BANNER, R.REPLY, reply="421 busy"),
        "ML722",
        By.PROVIDER,
        "The server does not take conn",
        "/limits/connections",
    ),
    (scene(P.BANNER, R.REPLY, reply="554 no"), "ML722", By.NETWORK, "The server refuses connections", ""),
    (scene(P.EHLO, R.REPLY, reply="550 no"), "ML722", By.NETWORK, "The server refuses connections", ""),
    (scene(P.BANNER, R.TIMEOUT), "ML721", By.PROVIDER, "The server took the connection and did not", "/smtp/port"),
    (scene(P.EHLO, R.LOST, IMPLICIT), "ML721", By.PROVIDER, "The server set up TLS and then", "/smtp/host"),
    (scene(P.BANNER, R.PROTOCOL), "ML732", By.YOU, "What answers on port 587", "/smtp/port"),
    (
        scene(P.STARTTLS, R.NO_STARTTLS, OFFICE),
        "ML711",
        By.NETWORK,
        "Microsoft 365 does offer STARTTLS",
        "/smtp/tls/mode",
    ),
    (scene(P.STARTTLS, R.NO_STARTTLS), "ML711", By.YOU, "The server on port 587 offers no", "/smtp/tls/mode"),
    (scene(P.STARTTLS, R.PROTOCOL), "ML732", By.NETWORK, "Something was slipped into", "/smtp/tls/mode"),
    (
        scene(P.STARTTLS, R.REPLY, reply="454 no"),
        "ML723",
        By.PROVIDER,
        "The server offers STARTTLS and",
        "/smtp/tls/mode",
    ),
    (scene(P.CERTIFICATE, R.CERTIFICATE, GMAIL, problem="expired"), "ML725", By.YOU, "By this machine's clock", ""),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, GMAIL, problem="self_signed"),
        "ML725",
        By.NETWORK,
        "The certificate is not the one of Gmail",
        "",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, problem="not_pinned"),
        "ML725",
        By.YOU,
        "The server shows another certificate than the account pins",
        "/smtp/tls/pin_sha256",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, problem="name_mismatch"),
        "ML725",
        By.YOU,
        'The certificate is not for "mail.shop.example" but for other.test, www.other.test.',
        "/smtp/host",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, HTTP, problem="untrusted_root"),
        "ML725",
        By.PROVIDER,
        "Nobody known",
        "/http/url",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, smtp(ca_file="ca.pem"), problem="untrusted_root"),
        "ML725",
        By.YOU,
        "The certificate does not come from the authority",
        "/smtp/tls/ca_file",
    ),
    (scene(P.CERTIFICATE, R.CERTIFICATE, problem="self_signed"), "ML725", By.YOU, "Nobody known", "/smtp/tls/ca_file"),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, problem="expired"),
        "ML725",
        By.PROVIDER,
        "The server's certificate has exp",
        "",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, problem="not_yet_valid"),
        "ML725",
        By.YOU,
        "The certificate is not valid y",
        "",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, problem="incomplete_chain"),
        "ML725",
        By.PROVIDER,
        "The server does not send",
        "",
    ),
    (
        scene(P.CERTIFICATE, R.CERTIFICATE, problem="weak_key"),
        "ML725",
        By.PROVIDER,
        "The server's certificate is of",
        "",
    ),
    (scene(P.CERTIFICATE, R.CERTIFICATE), "ML725", By.PROVIDER, "The server's certificate is of", ""),
    (scene(P.TLS, R.TLS), "ML723", By.PROVIDER, "The server and maild found no common", "/smtp/tls/mode"),
    (scene(P.SECRET, R.SECRET), "ML731", By.CREDENTIALS, "The password could not be fetched", "/password"),
    (scene(P.SECRET, R.TOKEN), "ML750", By.CREDENTIALS, "The token service gives no access token", "/oauth"),
    (scene(P.SECRET, R.TIMEOUT), "ML750", By.PROVIDER, "The token service could not be asked", "/oauth/provider"),
    (scene(P.AUTH, R.CLEARTEXT), "ML730", By.YOU, "The connection is not encrypted", "/smtp/tls/mode"),
    (scene(P.AUTH, R.NO_MECHANISM, OFFICE), "ML712", By.YOU, "Microsoft 365 does not offer the way", "/smtp/auth"),
    (scene(P.AUTH, R.NO_MECHANISM), "ML712", By.YOU, "The server does not offer the way", "/smtp/auth"),
    (
        scene(P.AUTH, R.REPLY, OFFICE, "535 5.7.139 off"),
        "ML413",
        By.CREDENTIALS,
        "Microsoft 365 takes no passw",
        "/smtp/auth",
    ),
    (
        scene(P.AUTH, R.REPLY, reply="550 5.7.30 off"),
        "ML413",
        By.CREDENTIALS,
        "The server takes no passwords",
        "/smtp/auth",
    ),
    (scene(P.AUTH, R.REPLY, GMAIL, "454 4.7.0 many"), "ML728", By.PROVIDER, "The server would not decide", ""),
    (
        scene(P.AUTH, R.REPLY, replace(GMAIL, username="billing"), "535 5.7.8 no"),
        "ML726",
        By.CREDENTIALS,
        "Gmail wants the whole e-mail address as username.",
        "/username",
    ),
    (
        scene(P.AUTH, R.REPLY, SENDGRID, "535 no"),
        "ML726",
        By.CREDENTIALS,
        'SendGrid has one username for everybody: "apikey".',
        "/username",
    ),
    (scene(P.AUTH, R.REPLY, GMAIL, "534 5.7.9 no"), "ML726", By.CREDENTIALS, "Gmail did not accept this", "/password"),
    (scene(P.AUTH, R.REPLY, YAHOO, "535 no"), "ML726", By.CREDENTIALS, "Yahoo Mail did not accept this", "/password"),
    (scene(P.AUTH, R.REPLY, reply="535 no"), "ML726", By.CREDENTIALS, "The server did not accept this", "/username"),
    (scene(P.AUTH, R.REPLY, reply="504 no"), "ML712", By.YOU, "The server offers this way of logging in", "/smtp/auth"),
    (scene(P.AUTH, R.REPLY, reply="538 no"), "ML730", By.YOU, "The server wants an encrypted", "/smtp/tls/mode"),
    (scene(P.AUTH, R.REPLY, reply="550 no"), "ML726", By.CREDENTIALS, "The server refused the login", "/username"),
    (scene(P.AUTH, R.LOST), "ML728", By.PROVIDER, "The connection was lost in the middle of the login", ""),
    (scene(P.MAIL, R.REPLY, reply="530 5.7.0 no"), "ML727", By.YOU, "The server takes mail only from", "/username"),
    (
        scene(P.RCPT, R.REPLY, smtp(username=None), "554 no"),
        "ML727",
        By.YOU,
        "Without a login the server",
        "/smtp/host",
    ),
    (scene(P.MAIL, R.UNSUPPORTED), "ML735", By.PROVIDER, "The server lacks an extension", ""),
    (scene(P.MAIL, R.REPLY, reply="550 no"), "ML736", By.YOU, "The server does not let this account", "/email"),
    (scene(P.RCPT, R.REPLY, reply="550 no"), "ML737", By.YOU, "The server does not take mail for this", ""),
    (scene(P.BODY, R.REPLY, reply="554 no"), "ML738", By.PROVIDER, "The server took the addresses", "/email"),
    (scene(P.RCPT, R.REPLY, reply="451 grey"), "ML738", By.PROVIDER, "The server does not take the mess", ""),
    (scene(P.REQUEST, R.REPLY, HTTP, "403 no"), "ML738", By.PROVIDER, "The service does not let you", "/http/url"),
    (scene(P.REQUEST, R.REPLY, HTTP, "301 moved"), "ML738", By.YOU, "The service has moved", "/http/url"),
    (scene(P.REQUEST, R.REPLY, HTTP, "404 no"), "ML738", By.YOU, "There is a web server at the URL", "/http/url"),
    (scene(P.REQUEST, R.REPLY, HTTP, "429 no"), "ML738", By.PROVIDER, "The service got too many", "/limits/per_minute"),
    (scene(P.REQUEST, R.REPLY, HTTP, "500 no"), "ML738", By.PROVIDER, "The service is there and has", ""),
    (scene(P.REQUEST, R.REPLY, HTTP, "422 no"), "ML738", By.YOU, "The service did not accept what", "/reply_to"),
    (scene(P.RCPT, R.TIMEOUT), "ML721", By.PROVIDER, "The server stopped answering", ""),
    (scene(P.MAIL, R.PROTOCOL), "ML732", By.PROVIDER, "The server did not keep to the protocol", "/smtp/host"),
]


@each_row(("seen", "code", "owner", "cause", "pointer"), TABLE)
def test_each_failure_has_its_cause(seen: Scene, code: str, owner: Owner, cause: str, pointer: str) -> None:
    told = answer(seen)

    assert (told.finding.code, told.owner, (*told.pointers, "")[0]) == (code, owner, pointer)
    assert told.cause.startswith(cause)


def test_every_line_of_the_table_is_reached() -> None:
    reached = {CASES.index(next(case for case in CASES if case.fits(seen))) for seen, *_ in TABLE}

    unreached = [CASES[index].cause for index in range(len(CASES)) if index not in reached]
    assert unreached == ['The certificate is not for "{host}".']


def test_a_certificate_without_names_is_told_as_such() -> None:
    nameless = replace(CERTIFICATE, problem="name_mismatch", names=())

    assert blame(NetError(P.CERTIFICATE, R.CERTIFICATE, "words"), OWN, nameless).cause == (
        'The certificate is not for "mail.shop.example".'
    )


@pytest.mark.parametrize(
    ("target", "reply", "words"),
    [
        (GMAIL, "534 5.7.9 Application-specific password required", "make an app password"),
        (GMAIL, "535 5.7.8 Username and Password not accepted", "Switch on 2-Step Verification"),
        (YAHOO, "535 5.7.0 (#AUTH005) Too many bad auth attempts", '"Other app"'),
    ],
)
def test_app_passwords_are_explained_in_the_words_of_the_provider(target: Target, reply: str, words: str) -> None:
    told = answer(scene(Phase.AUTH, Reason.REPLY, target, reply))

    assert target.provider is not None
    assert told.fix == target.provider.password_advice
    assert words.lower() in told.fix.lower()


def test_an_undocumented_port_is_answered_with_the_documented_ones() -> None:
    told = answer(scene(Phase.CONNECT, Reason.TIMEOUT, smtp("smtp.gmail.com", 2525)))

    assert told.fix == "Use port 465 (implicit) or 587 (starttls)."


def test_the_fix_for_ones_own_authority_shows_the_line_to_write() -> None:
    told = answer(scene(Phase.CERTIFICATE, Reason.CERTIFICATE, problem="self_signed"))

    assert told.fix.endswith("name the file as `tls: {ca_file: server.pem}`.")


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://mail.example/send", "mail.example", 443),
        ("http://127.0.0.1/", "127.0.0.1", 80),
        ("https://mail.example:8443/", "mail.example", 8443),
    ],
)
def test_the_target_of_an_http_account_is_in_its_url(url: str, host: str, port: int) -> None:
    target = http(url)

    assert (target.host, target.port, target.is_http) == (host, port, True)


@settings(deadline=None)
@given(
    where=st.tuples(st.sampled_from(Phase), st.sampled_from(Reason)),
    code=st.none() | st.integers(200, 599),
    text=st.text(max_size=40),
    target=st.sampled_from([OWN, IMPLICIT, GMAIL, SENDGRID, OFFICE, HTTP, smtp(username=None)]),
    problem=st.sampled_from([None, "expired", "name_mismatch", "other"]),
)
def test_there_is_always_an_answer_in_whole_sentences(
    where: tuple[Phase, Reason], code: int | None, text: str, target: Target, problem: str | None
) -> None:
    seen = scene(*where, target, None if code is None else f"{code} {text}", problem)
    told = answer(seen)

    assert told.cause.endswith((".", ".."))
    assert told.fix.endswith(".")
    assert "{" not in told.cause
    assert all(pointer.startswith("/") for pointer in told.pointers)
