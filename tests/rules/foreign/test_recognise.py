from maild.config.foreign import ForeignFile
from maild.config.load import LoadedAccount
from maild.rules.foreign.recognise import foreign_file
from tests.rows import each_row
from tests.rules.examine import load


def program(text: str) -> str | None:
    loaded = load(text)
    assert isinstance(loaded, LoadedAccount)
    faults = foreign_file(loaded)
    return None if faults is None else next(fault.program for fault in faults if isinstance(fault, ForeignFile))


OWN = "protocol: smtp\nsmtp: {host: a.example}\nusername: a@b.example\npassword: {env: P}\n"


@each_row(
    ("text", "expected"),
    [
        ("relayhost = [a.example]:587\n", "Postfix"),
        ("account a\nhost a.example\nuser x\n", "msmtp"),
        ("SMTP_HOST=a.example\nSMTP_USER=x\n", ""),
        ("smtp_host: a.example\nsmtp_port: 1\nsmtp_user: x\n", ""),
        ("spring: {mail: {host: a.example, port: 1, username: x}}\n", "Spring"),
        ("smtp://a.example\n", ""),
        ("machine a.example\nlogin x\npassword y\n", "a .netrc file"),
        ("a.example:587 x:y\n", "Postfix"),
        ("Server | a.example\n", "a table"),
        ("SMTP server  a.example\n", ""),
        ("server: a.example\nport: 1\n", ""),
        ("apiVersion: v1\nkind: Secret\nmetadata: {}\n", "Kubernetes"),
        ("apiVersion: v1\nkind: Secret\n", None),
        ("host\ta.example\nport\t1\n", None),
        (f"a.example x:{'y' * 500}\n", None),
        ("{service: gmail, auth: {user: a@gmail.com, pass: x}}\n", "nodemailer"),
        ("service: ours\nauth: {user: a@b.example, pass: x}\n", "nodemailer"),
        # Files of maild's with mistakes, and texts that are no settings.
        (OWN, None),
        (OWN + "user: x\n", None),
        (OWN.replace("username", "user").replace("password", "pass"), None),
        (OWN.replace("smtp: {", "smtp: {{"), None),
        (OWN.replace(": ", " = "), None),
        ("Dear Ann,\nthe host = a.example\nyours\nBob\nPS\n", None),
        ("smtp_user = x\nsmtp_pass = y\n", None),
        ("host a.example\nport 25\n", None),
        ("smtp: smtps://a.example\nprotocol: smtp\nemail: a@b.example\n", None),
        ("server: nothing of it\nuser: x\nssl: true\n", None),
        ("", None),
        ("protocol: [smtp]\n", None),
        ("service: ours\nuser: a@b.example\npass: x\n", None),
        ("protocol: smtp\nservice: gmail\nusername: a@gmail.com\n", None),
    ],
)
def test_a_file_of_another_program_is_told_from_one_with_mistakes(text: str, expected: str | None) -> None:
    assert program(text) == expected


def test_a_password_that_maild_would_take_for_one_is_told_as_well() -> None:
    loaded = load("protocol: smtp\nsmtp_host: a.example\nsmtp_port: 1\nuser: x\npassword: secret\n")
    assert isinstance(loaded, LoadedAccount)

    assert [type(fault).__name__ for fault in foreign_file(loaded) or ()] == ["ForeignFile", "LiteralSecret"]
