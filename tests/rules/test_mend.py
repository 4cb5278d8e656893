from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.diagnostics import Diagnostic, Edit, Fix, Location, Severity, Span
from maild.rules.mend import mend_text
from tests.rows import each_row
from tests.rules.examine import GOOD, examine

BAD = """\
protocol: SMTP
smpt:
  hots: smtp.gmail.com:587   # note
  tls: {mode: implicit, verfy: "true"}
usrname: billing@inn.example
pasword: {env: SMTP_PASSWORD}
"""


def look(text: str) -> Sequence[Diagnostic]:
    return examine(text).diagnostics


def errors(text: str) -> set[tuple[str, str | None]]:
    found = [one for one in look(text) if one.severity is Severity.ERROR]
    return {(one.code, one.location.pointer if one.location else None) for one in found}


def test_what_one_mistake_hid_is_fixed_along_with_it() -> None:
    done = mend_text(BAD, look, with_unsafe=False)

    assert done.text == (
        "protocol: smtp\n"
        "smtp:\n"
        "  host: smtp.gmail.com   # note\n"
        "  port: 587\n"
        "  tls: {mode: starttls, verify: true}\n"
        "usrname: billing@inn.example\n".replace("usr", "user")
        + "password: {env: SMTP_PASSWORD}\n"
    )
    assert look(done.text) == ()
    assert {one.code for one in done.fixed} == {"ML201", "ML203", "ML204", "ML222", "ML303"}
    assert done.left_out == ()


def test_a_fix_that_would_bring_an_error_to_light_is_left_out_and_the_others_are_made() -> None:
    text = GOOD.replace("username: billing@", "usrname: billing at ").replace("465", "'465'")

    done = mend_text(text, look, with_unsafe=True)

    assert done.text == text.replace("'465'", "465")
    assert [one.code for one in done.left_out] == ["ML201"]


def test_two_keys_that_mean_the_same_do_not_become_one() -> None:
    text = GOOD + "coppy_to: a@b.example\ncopy_too: c@d.example\n"

    done = mend_text(text, look, with_unsafe=True)

    assert errors(done.text) < errors(text)
    assert len(done.fixed) == 1


def endless(text: str) -> Sequence[Diagnostic]:
    """Each fix only makes room for the next one."""
    start = Span(line=1, column=1, end_line=1, end_column=1)
    return [
        Diagnostic(
            code="ML201",
            name="unknown-key",
            severity=Severity.ERROR,
            message="x",
            location=Location(file="a.yaml", span=start, pointer=f"/{len(text)}"),
            fix=Fix(edits=(Edit(span=start, text="x"),), is_safe=True),
        )
    ]


def test_a_file_that_could_be_mended_for_ever_is_left_as_it_is() -> None:
    assert mend_text("", endless, with_unsafe=False).text == ""


def test_a_long_file_is_looked_at_less_often() -> None:
    looks: list[int] = []

    def look_and_count(text: str) -> Sequence[Diagnostic]:
        looks.append(len(text))
        return endless(text)

    counts = []
    for size in (0, 100_000, 1_000_000):
        looks.clear()
        assert mend_text("x" * size, look_and_count, with_unsafe=False).text == "x" * size
        counts.append(len(looks))
    assert counts == [61, 11, 5]


def test_a_fix_that_mends_nothing_is_left_out() -> None:
    def same(text: str) -> Sequence[Diagnostic]:
        return endless("")

    done = mend_text("", same, with_unsafe=False)

    assert (done.text, done.fixed) == ("", ())
    assert [one.code for one in done.left_out] == ["ML201"]


def test_fixes_of_the_same_text_wait_for_one_another() -> None:
    text = GOOD.replace("smtp.gmail.com", "'smtp.gmail.com:465'").replace("port: 465", "port: '465'")

    done = mend_text(text, look, with_unsafe=True)

    assert done.text == GOOD.replace("smtp.gmail.com", "'smtp.gmail.com'")


@each_row(
    "spoilt",
    [
        "".join(f"{number} {line}\n" for number, line in enumerate(GOOD.splitlines(), start=1)),
        "".join(f" {number}: {line}\n" for number, line in enumerate(GOOD.splitlines(), start=8)),
        "".join(f"+{line}\n" for line in GOOD.splitlines()),
        "".join(f"> {line}\n" for line in GOOD.splitlines()),
        "".join(f"* {line}\n" for line in GOOD.splitlines()),
        f"-  {GOOD}",
        GOOD.replace("host: ", "host=").replace("port: ", "port = "),
        GOOD.replace("host: ", "host="),
    ],
)
def test_what_came_along_with_copied_lines_is_taken_away(spoilt: str) -> None:
    assert mend_text(spoilt, look, with_unsafe=False).text == GOOD


LINES = st.sampled_from(
    [
        *("protocol: smtp", "protocol: SMTP", "protocol: smpt", "protocl: smtp", "protocol: http"),
        *(
            "smtp:",
            "smpt:",
            "SMTP:",
            "http:",
            "  host: smtp.gmail.com",
            "  hots: smtp.gmail.com",
            "  server: x.example",
        ),
        *(
            "  host: smtp.gmail.com:587 # c",
            "  host: 'smtps://mail.example'",
            "  host: mail.example:25",
            "  host: x:y:z",
        ),
        *("  port: '587'", "  port: 465", "  prt: 587", "  port: x", "  port: 25\r", "  port: *a", "  port: '0x10'"),
        *("  tls: {mode: starttls}", "  tls: {mode: ssl, verify: 'no'}", "  tls: {mod: implicit, verfy: yes}"),
        *("  tls:", "    mode: implicit", "    verify: off", "  auth: Plain", "  auth: &a plian", "# c", ""),
        *("username: a@b.example", "usrname: a@b.example", "user: bob", "username: x y", "email: 'a@b.example'"),
        *(
            "password: {env: SMTP_PASSWORD}",
            "pasword: {env: SMTP_PASSWORD}",
            "password: {fil: /x}",
            "password: hunter22",
        ),
        *("reply_to: c@d.example", "replyto: c@d.example", "reply_to: [c@d.example, x]", "limits: {per_minut: '30'}"),
        *("verify: true", "host: smtp.gmail.com # c", "  mode: implicit", "username: 'a@b.example '", "name: yes"),
        *("\tport: 465", "\t\tmode: implicit", "\thost: smtp.gmail.com", "\t# c"),
        *("name: 2026-01-31", "name: 1_000", "name: 1:20", "  port: 0465", "name: ' x'", "  verify: false\r"),
        *("  url: https://x.example/send", "  ulr: https://x.example", "  kind: Form", '{"hots":"a.example"}'),
    ]
)
FILES = st.lists(LINES, max_size=12).map("\n".join)


@settings(max_examples=settings().max_examples * 2)
@given(FILES, st.booleans())
def test_mending_makes_no_error_and_once_is_enough(text: str, with_unsafe: bool) -> None:  # noqa: FBT001
    done = mend_text(text, look, with_unsafe=with_unsafe)
    again = mend_text(done.text, look, with_unsafe=with_unsafe)

    assert errors(done.text) <= errors(text)
    assert (done.text == text) is not bool(done.fixed)
    assert again.text == done.text
