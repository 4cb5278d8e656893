from pathlib import PurePath

import pytest

from maild.config.fault import (
    DependentKeyMissing,
    Fault,
    HostWithExtras,
    InvalidChoice,
    InvalidEmail,
    InvalidHostname,
    InvalidText,
    InvalidUrl,
    KeyOfOtherProtocol,
    LiteralSecret,
    MissingKey,
    MutuallyExclusive,
    OutOfRange,
    Pointer,
    UnknownKey,
    UnsupportedYaml,
    WrongType,
)
from maild.config.load import LoadedAccount, load_account
from maild.config.model import (
    Account,
    AuthMechanism,
    HttpKind,
    HttpSettings,
    Limits,
    ReplyToPolicy,
    SmtpSettings,
    Tls,
    TlsMode,
)
from maild.mail.address import Mailbox
from maild.secret import FileRef
from tests.rows import each_row

SMTP = """\
version: 1
protocol: smtp
smtp:
  host: smtp.gmail.com
  port: 465
  tls: {mode: implicit, verify: true}
  auth: plain
username: billing@example.com
email: billing@example.com
password: {file: /run/billing}
reply_to: [office@example.com, sales@example.com]
name: Example Shop
copy_to: archive@example.com
limits: {per_minute: 30, per_day: 10000, connections: 2}
"""
HTTP = "protocol: http\nhttp: {url: email.example/send}\nreply_to: office@example.com\n"

ACCOUNT_KEYS = (
    *"version protocol smtp username email password oauth reply_to reply_to_policy".split(),  # noqa: SIM905
    *"name copy_to limits delivery dns enabled".split(),  # noqa: SIM905
)


def load(text: str) -> LoadedAccount:
    return load_account("accounts/billing.yaml", text.encode())


def mailbox(local: str) -> Mailbox:
    return Mailbox(local, "example.com")


def at(pointer: str) -> Pointer:
    return Pointer(pointer)


def missing(pointer: str, key: str, because: str | None = None) -> MissingKey:
    return MissingKey(pointer=at(pointer), key=key, because=None if because is None else at(because))


def wrong(pointer: str, expected: str, found: str) -> WrongType:
    return WrongType(pointer=at(pointer), expected=(expected,), found=found)


def unknown(pointer: str, *allowed: str) -> UnknownKey:
    return UnknownKey(pointer=at(pointer), key=pointer.rpartition("/")[2], allowed=allowed)


def of_other(pointer: str, protocol: str) -> KeyOfOtherProtocol:
    key = pointer.rpartition("/")[2]
    return KeyOfOtherProtocol(pointer=at(pointer), key=key, protocol=protocol, because=at("/protocol"))


def out(pointer: str, found: str, minimum: str | None, maximum: str | None) -> OutOfRange:
    return OutOfRange(pointer=at(pointer), found=found, minimum=minimum, maximum=maximum)


def test_every_key_of_an_smtp_account_becomes_a_value() -> None:
    assert load(SMTP).account == Account(
        name="billing",
        transport=SmtpSettings(
            host="smtp.gmail.com", port=465, tls=Tls(mode=TlsMode.IMPLICIT), auth=AuthMechanism.PLAIN
        ),
        username="billing@example.com",
        password=FileRef(path=PurePath("/run/billing")),
        reply_to=(mailbox("office"), mailbox("sales")),
        display_name="Example Shop",
        copy_to=mailbox("archive"),
        limits=Limits(per_minute=30, per_day=10000, connections=2),
    )


def test_what_is_left_out_has_its_default() -> None:
    loaded = load("protocol: smtp\nsmtp: {host: Mail.Example.org}\nemail: a@example.com\n")

    assert loaded.faults == ()
    assert loaded.account == Account(
        name="billing",
        transport=SmtpSettings(host="mail.example.org", port=465, tls=Tls(mode=TlsMode.IMPLICIT)),
        email=mailbox("a"),
    )


def test_the_settings_of_a_servers_certificate() -> None:
    text = "protocol: smtp\nsmtp: {host: x, port: 587, tls: {verify: false, ca_file: ca.pem}}\nemail: a@example.com\n"

    account = load(text).account

    assert account is not None
    assert account.transport == SmtpSettings(
        host="x", port=587, tls=Tls(mode=TlsMode.STARTTLS, verify=False, ca_file=PurePath("ca.pem"))
    )


def test_an_http_account_has_a_whole_url_and_replaces_the_reply_address() -> None:
    assert load(HTTP).account == Account(
        name="billing",
        transport=HttpSettings(url="https://email.example/send"),
        reply_to=(mailbox("office"),),
        reply_to_policy=ReplyToPolicy.REPLACE,
    )


def test_a_policy_that_is_written_holds() -> None:
    for text in (HTTP + "reply_to_policy: keep\n", SMTP + "reply_to_policy: replace\n"):
        account = load(text).account
        assert account is not None
        assert account.reply_to_policy == text.split()[-1]


@each_row(
    ("text", "sender"),
    [
        (SMTP, "billing@example.com"),
        (SMTP.replace("username: billing@example.com", "username: bob"), "billing@example.com"),
        (SMTP.replace("username: billing@example.com", "username: a@b@c"), "billing@example.com"),
        (SMTP.replace("email: billing", "email: office"), "office@example.com"),
        (SMTP.replace("\nemail: billing@example.com", ""), "billing@example.com"),
        (HTTP, "office@example.com"),
        (HTTP + "email: a@example.com\n", "a@example.com"),
    ],
)
def test_the_sender_is_the_email_if_there_is_one_else_the_username(text: str, sender: str) -> None:
    account = load(text).account

    assert account is not None
    assert str(account.sender) == sender


def test_an_email_that_says_the_same_as_the_username_is_the_same_account() -> None:
    assert load(SMTP).account == load(SMTP.replace("\nemail: billing@example.com", "")).account


CASES: list[tuple[str, str, list[Fault]]] = [
    (
        "protocol: smtp",
        "protocol: smpt",
        [InvalidChoice(pointer=at("/protocol"), found="smpt", allowed=("smtp", "http"))],
    ),
    ("protocol: smtp", "protcol: smtp", [unknown("/protcol", *ACCOUNT_KEYS, "http")]),
    ("protocol: smtp\n", "", [missing("", "protocol")]),
    ("protocol: smtp", "protocol:", [wrong("/protocol", "text", "nothing")]),
    ("protocol: smtp", "protocol: [smtp]", [wrong("/protocol", "text", "a list")]),
    ("  host:", "  hots:", [unknown("/smtp/hots", "host", "port", "tls", "auth", "timeout", "proxy", "proxy_login")]),
    ("  host: smtp.gmail.com\n", "", [missing("/smtp", "host", "/protocol")]),
    ("smtp:\n", "smpt:\n", [unknown("/smpt", *ACCOUNT_KEYS)]),
    ("port: 465", 'port: "587"', [wrong("/smtp/port", "a whole number", "text")]),
    ("port: 465", "port:", [wrong("/smtp/port", "a whole number", "nothing")]),
    ("port: 465", "port: 70000", [out("/smtp/port", "70000", "1", "65535")]),
    ("port: 465", "port: 0", [out("/smtp/port", "0", "1", "65535")]),
    ("tls: {mode: implicit, verify: true}", "tls: none", [wrong("/smtp/tls", "a mapping", "text")]),
    (
        "mode: implicit",
        "mode: ssl",
        [InvalidChoice(pointer=at("/smtp/tls/mode"), found="ssl", allowed=("implicit", "starttls", "none"))],
    ),
    ("verify: true", "verify: no", [wrong("/smtp/tls/verify", "true or false", "text")]),
    ("auth: plain", "auth: none", [MutuallyExclusive(pointer=at(""), keys=("smtp/auth", "password"))]),
    (
        "smtp.gmail.com",
        "smtp_gmail.com",
        [InvalidHostname(pointer=at("/smtp/host"), found="smtp_gmail.com", problem='a host name cannot contain "_"')],
    ),
    ("smtp.gmail.com", '""', [InvalidHostname(pointer=at("/smtp/host"), found="", problem="the name is empty")]),
    (
        "smtp.gmail.com",
        "smtps://smtp.gmail.com:465",
        [
            HostWithExtras(
                pointer=at("/smtp/host"),
                found="smtps://smtp.gmail.com:465",
                host="smtp.gmail.com",
                port=465,
                scheme="smtps",
            )
        ],
    ),
    ("version: 1", "version: 2", [InvalidChoice(pointer=at("/version"), found="2", allowed=("1",))]),
    ("version: 1", 'version: "1"', [wrong("/version", "a whole number", "text")]),
    ("version: 1", "version: true", [wrong("/version", "a whole number", "true or false")]),
    (
        "username: billing@example.com\n",
        "",
        [DependentKeyMissing(pointer=at("/password"), key="password", needs="username")],
    ),
    (
        "username: billing@example.com\nemail: billing@example.com\n",
        "",
        [DependentKeyMissing(pointer=at("/password"), key="password", needs="username")],
    ),
    (
        "password: {file: /run/billing}\n",
        "",
        [DependentKeyMissing(pointer=at("/username"), key="username", needs="password")],
    ),
    ("password:", "pasword:", [unknown("/pasword", *ACCOUNT_KEYS)]),
    (
        "username: billing@example.com\nemail: billing@example.com\npassword: {file: /run/billing}\n",
        "",
        [DependentKeyMissing(pointer=at("/smtp/auth"), key="auth", needs="username")],
    ),
    (
        "  auth: plain\nusername: billing@example.com\nemail: billing@example.com\npassword: {file: /run/billing}\n",
        "",
        [missing("", "email")],
    ),
    ("username: billing@example.com\nemail: billing@example.com", "username: bob", [missing("", "email", "/username")]),
    (
        "username: billing@example.com\nemail: billing@example.com",
        "username: a@b@c",
        [
            InvalidEmail(
                pointer=at("/username"),
                found="a@b@c",
                problem="",
            )
        ],
    ),
    (
        "username: billing@example.com\nemail: billing@example.com",
        "username: billing(at)example.com\nemail: billing@example.com",
        [
            InvalidEmail(
                pointer=at("/username"),
                found="billing(at)example.com",
                problem="its @ is written as a word",
                suggestion="billing@example.com",
            )
        ],
    ),
    (
        "username: billing@example.com\nemail: billing@example.com",
        "username: a@b.example, c@d.example",
        [
            InvalidEmail(
                pointer=at("/username"), found="a@b.example, c@d.example", problem="these are several addresses"
            )
        ],
    ),
    (
        "username: billing@example.com\nemail: billing@example.com",
        "username: bob (office)",
        [missing("", "email", "/username")],
    ),
    (
        "email: billing@example.com",
        "email: billing@",
        [InvalidEmail(pointer=at("/email"), found="billing@", problem="the domain is empty (character 9)")],
    ),
    ("{file: /run/billing}", "hunter2", [LiteralSecret(pointer=at("/password"))]),
    ("{file: /run/billing}", "&hunter2", [LiteralSecret(pointer=at("/password"))]),
    ("{file: /run/billing}", "{hunter2}", [LiteralSecret(pointer=at("/password"))]),
    ("{file: /run/billing}", "[hunter2]", [LiteralSecret(pointer=at("/password"))]),
    ("{file: /run/billing}", "", [wrong("/password", "a mapping", "nothing")]),
    ("{file: /run/billing}", "{}", [missing("/password", "file")]),
    ("{file: /run/billing}", "{files: /x}", [unknown("/password/files", "env", "file", "credential", "command")]),
    ("{file: /run/billing}", "{env: X, fil: y}", [unknown("/password/fil", "env", "file", "credential", "command")]),
    ("{file: /run/billing}", "{file: x, env: Y}", [MutuallyExclusive(pointer=at("/password"), keys=("file", "env"))]),
    ("{file: /run/billing}", "{command: []}", [out("/password/command", "0 entries", "1 entry", "100 entries")]),
    ("{file: /run/billing}", "{command: [a, 5]}", [wrong("/password/command/1", "text", "a whole number")]),
    (
        "{file: /run/billing}",
        '{env: "${X}"}',
        [
            InvalidText(
                pointer=at("/password/env"),
                problem="the name of an environment variable has only letters, digits and _",
            )
        ],
    ),
    (
        "{file: /run/billing}",
        "{credential: ..}",
        [
            InvalidText(
                pointer=at("/password/credential"), problem="the name of a credential is a file name: without slashes"
            )
        ],
    ),
    (
        "{file: /run/billing}",
        "{file: ~/x}",
        [
            InvalidText(
                pointer=at("/password/file"),
                problem="a path begins with a folder's name or /, and holds no control characters; ~ is not expanded",
            )
        ],
    ),
    (
        "Example Shop",
        '"Shop\\r\\nBcc: x"',
        [InvalidText(pointer=at("/name"), problem="line breaks and other control characters cannot stand here")],
    ),
    (
        "Example Shop",
        '"Shop\\n"',
        [InvalidText(pointer=at("/name"), problem="line breaks and other control characters cannot stand here")],
    ),
    ("Example Shop", '""', [out("/name", "0 characters", "1 character", "320 characters")]),
    ("[office@example.com, sales@example.com]", "[]", [out("/reply_to", "0 entries", "1 entry", "20 entries")]),
    (
        "[office@example.com, sales@example.com]",
        "5",
        [WrongType(pointer=at("/reply_to"), expected=("text", "a list"), found="a whole number")],
    ),
    (
        "reply_to: [office@example.com, sales@example.com]",
        "reply_to_policy: keep",
        [DependentKeyMissing(pointer=at("/reply_to_policy"), key="reply_to_policy", needs="reply_to")],
    ),
    ("per_minute: 30", "per_minute: 0", [out("/limits/per_minute", "0", "1", "1000000")]),
    ("per_minute: 30", "per_minute: 1.5", [wrong("/limits/per_minute", "a whole number", "a number")]),
    ("copy_to:", "url: x\ncopy_to:", [of_other("/url", "http")]),
    ("copy_to:", "http: {}\ncopy_to:", [of_other("/http", "http")]),
    ("  auth: plain", "  url: x", [of_other("/smtp/url", "http")]),
    ("copy_to:", "host: x\ncopy_to:", [unknown("/host", *ACCOUNT_KEYS)]),
    (
        "per_day: 10000",
        "url: x",
        [unknown("/limits/url", "per_minute", "per_day", "connections", "per_session", "per_message", "max_size")],
    ),
]


@each_row(("old", "new", "faults"), CASES)
def test_one_mistake_is_one_fault(old: str, new: str, faults: list[Fault]) -> None:
    assert SMTP.count(old) >= 1
    loaded = load(SMTP.replace(old, new, 1))

    assert list(loaded.faults) == faults
    assert loaded.account is None


@each_row(
    ("text", "faults"),
    [
        ("", [missing("", "protocol")]),
        ("[]", [wrong("", "a mapping", "a list")]),
        ("x", [wrong("", "a mapping", "text")]),
        ("protocol: smtp\nemail: a@b.c\n", [missing("", "smtp", "/protocol")]),
        ("protocol: smtp\nsmtp: 5\nemail: a@b.c\n", [wrong("/smtp", "a mapping", "a whole number")]),
        ("protocol: http\n", [missing("", "http", "/protocol"), missing("", "reply_to", "/protocol")]),
        (HTTP + "smtp: {host: x}\n", [of_other("/smtp", "smtp")]),
        (HTTP + "username: x\npassword: {env: X}\n", [of_other("/username", "smtp"), of_other("/password", "smtp")]),
        (HTTP + "port: 25\n", [of_other("/port", "smtp")]),
        (HTTP.replace("{url", "{host: x, url"), [of_other("/http/host", "smtp")]),
        (
            HTTP.replace("{url", "{kind: fax, url"),
            [InvalidChoice(pointer=at("/http/kind"), found="fax", allowed=tuple(HttpKind))],
        ),
        (
            HTTP.replace("email.example/send", "'https://u:p@x.example/'"),
            [
                InvalidUrl(
                    pointer=at("/http/url"),
                    found="https://x.example/",
                    problem="it holds login data",
                    suggestion="https://x.example/",
                )
            ],
        ),
        (
            "protocol: smpt\npassword: hunter2\n",
            [
                InvalidChoice(pointer=at("/protocol"), found="smpt", allowed=("smtp", "http")),
                LiteralSecret(pointer=at("/password")),
            ],
        ),
    ],
)
def test_other_mistakes(text: str, faults: list[Fault]) -> None:
    assert list(load(text).faults) == faults


@pytest.mark.parametrize("text", ["!t", "!t {protocol: smtp}", "protocol: smtp\nsmtp: !t {host: x}\nemail: a@b.c\n"])
def test_no_account_is_made_of_what_was_not_read(text: str) -> None:
    loaded = load(text)

    assert [type(fault) for fault in loaded.faults] == [UnsupportedYaml]
    assert loaded.account is None


def test_a_tagged_password_is_neither_kept_nor_judged() -> None:
    loaded = load(SMTP.replace("{file: /run/billing}", "!hunter2"))

    assert [type(fault) for fault in loaded.faults] == [UnsupportedYaml]
    assert "hunter2" not in repr((loaded.faults, loaded.draft))


@each_row(
    "written",
    [
        "hunter2",
        "{hunter2}",
        "&hunter2 x",
        "[hunter2]",
        "hunter2: x",
        "*hunter2",
        "!hunter2 x",
        "@hunter2",
        "{hunter2: x}",
        "{hunter2, hunter2}",
        "'hunter2",
        "hunter2\npassword: hunter2",
    ],
)
def test_no_fault_or_draft_repeats_a_password(written: str) -> None:
    loaded = load(SMTP.replace("{file: /run/billing}", written))

    assert loaded.faults
    assert "hunter2" not in repr((loaded.faults, loaded.draft, loaded.account))


def test_a_draft_has_what_is_valid_beside_what_is_not() -> None:
    draft = load(
        "protocol: smpt\nsmtp: {host: 'smtp.gmail.com:465', port: 25, tls: {verify: false}}\npassword: x\n"
    ).draft

    assert draft is not None
    assert (draft.protocol, draft.host, draft.port, draft.verify, draft.tls_mode) == (
        None,
        "smtp.gmail.com",
        25,
        False,
        None,
    )
    assert draft.has_password_key
    assert draft.password is None


@each_row("port", ["0", "65536", "x", "true"])
def test_a_draft_has_no_port_that_is_none(port: str) -> None:
    draft = load(f"protocol: smpt\nsmtp: {{host: x, port: {port}}}\n").draft

    assert draft is not None
    assert draft.port is None


def test_a_draft_keeps_the_url_as_written() -> None:
    draft = load(HTTP).draft

    assert draft is not None
    assert (draft.url, draft.protocol) == ("email.example/send", "http")
