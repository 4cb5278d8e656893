from hypothesis import given
from hypothesis import strategies as st

from maild.config.build.site import build_site
from maild.config.document import parse_document
from maild.config.fault import InvalidText, LiteralSecret, Pointer
from maild.config.shared_queue import SharedQueue, holds_password, uri_problem
from maild.secret import EnvRef
from tests.rows import each_row

BLANK = "it contains a blank or something that cannot be seen; libpq writes %20"
FORM = "write postgresql://USER@HOST/DATABASE, several hosts with commas between them"
NO_DATABASE = "it names no database: write /DATABASE behind the host"


@each_row(
    "text",
    [
        "postgresql://maild@db.example.com/maild",
        "postgres://db1:5432,db2:5433/maild?target_session_attrs=read-write&sslmode=verify-full",
        "postgresql://maild@[2001:db8::1]:5432/maild",
        "postgresql:///maild?host=/run/postgresql",
        "postgresql://?dbname=maild",
    ],
)
def test_a_place_of_a_shared_queue(text: str) -> None:
    assert uri_problem(text) is None
    assert not holds_password(text)


@each_row(
    ("text", "problem"),
    [
        ("", FORM),
        ("db.example.com/maild", FORM),
        ("mysql://db.example.com/maild", FORM),
        ("postgresql://db.example.com/mail d", BLANK),
        ("postgresql://db.example.com", NO_DATABASE),
        ("postgresql://db.example.com/?sslmode=require", NO_DATABASE),
    ],
)
def test_no_place_of_a_shared_queue(text: str, problem: str) -> None:
    assert uri_problem(text) == problem


@each_row(
    "text",
    [
        "postgresql://maild:hunter2@db.example.com/maild",
        "postgresql://maild@db.example.com/maild?PASSWORD=hunter2",
        "postgresql:///maild?sslpassword=",
        "mysql://maild:hunter2@db.example.com/maild",
    ],
)
def test_a_place_with_a_password_in_it(text: str) -> None:
    assert holds_password(text)


@given(text=st.text(max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    for one in (text, f"postgresql://{text}"):
        assert uri_problem(one) is None or uri_problem(one)
        assert holds_password(one) in {True, False}


def test_the_queue_of_a_site_and_what_its_password_is_found_by() -> None:
    def built(text: str) -> object:
        document = parse_document("maild.yaml", f"spool: {{{text}}}".encode()).document
        assert document is not None
        made = build_site(document)
        return made.faults if made.site is None else made.site.queue

    uri = "postgresql://maild@db.example.com/maild"
    assert built("") is None
    assert built(f"queue: '{uri}'") == SharedQueue(uri=uri)
    assert built(f"queue: '{uri}', password: {{env: QUEUE}}") == SharedQueue(uri=uri, password=EnvRef(name="QUEUE"))
    assert built("queue: 'postgresql://maild:x@db/maild'") == (LiteralSecret(pointer=Pointer("/spool/queue")),)
    assert built("queue: nowhere") == (InvalidText(pointer=Pointer("/spool/queue"), problem=FORM),)
