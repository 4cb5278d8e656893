import re

from hypothesis import given
from hypothesis import strategies as st

from maild.cli.man.roff import Entry, ManPage, Section, blocks, escape, inline, render_page

PIECES = st.sampled_from([*"ab.'\\-`^~\"* \n\t[]()#ü€", "\n```\n", "\n- ", "\n\n", "`x`"])
WORDS = st.lists(PIECES, max_size=40).map("".join)
TEXT = "It says `a-b` and\nnothing else.\n\n- one\n- two\n\n```yaml\n.a: 1\n```"
REQUESTS = re.compile(r"\.(TH|SH|TP|PP|IP \\\(bu 2|RS( 4)?|RE|nf|fi|nh|ad l)( |$)")


def test_a_page_reads_like_this() -> None:
    page = ManPage(
        name="maild-x",
        number=1,
        summary="do x - or not",
        synopsis=("maild x [OPTIONS]",),
        sections=(
            Section(heading="DESCRIPTION", text=TEXT),
            Section(
                heading="OPTIONS", entries=(Entry(term="--y", text="First.\n\nSecond."), Entry(term="-z", text=""))
            ),
        ),
    )

    assert page.file_name == "man1/maild-x.1"
    assert render_page(page, "1.0").splitlines() == [
        '.TH "MAILD\\-X" "1" "" "maild 1.0" "maild"',
        ".nh",
        ".ad l",
        ".SH NAME",
        "maild\\-x \\- do x \\- or not",
        ".SH SYNOPSIS",
        ".nf",
        "\\fBmaild x [OPTIONS]\\fR",
        ".fi",
        '.SH "DESCRIPTION"',
        "It says \\fBa\\-b\\fR and",
        "nothing else.",
        ".IP \\(bu 2",
        "one",
        ".IP \\(bu 2",
        "two",
        ".PP",
        ".RS 4",
        ".nf",
        "\\&.a: 1",
        ".fi",
        ".RE",
        '.SH "OPTIONS"',
        ".TP",
        "\\fB\\-\\-y\\fR",
        "First.",
        ".RS",
        ".PP",
        "Second.",
        ".RE",
        ".TP",
        "\\fB\\-z\\fR",
        "\\&",
    ]


def test_what_roff_would_take_for_its_own_is_text() -> None:
    assert escape(".so /etc/passwd") == "\\&.so /etc/passwd"
    assert escape("'ds x") == "\\(aqds x"
    assert escape("\\fB a\n.b") == "\\efB a .b"
    assert escape('"ü"') == "\\(dq\\[u00FC]\\(dq"
    assert inline("[the page](https://a.example/) **says** `x`") == (
        "the page (https://a.example/) \\fBsays\\fR \\fBx\\fR"
    )
    assert inline("`.x`") == "\\fB\\&.x\\fR"
    assert inline(". x") == "\\&. x"


def test_a_fence_that_is_never_closed_ends_with_the_text() -> None:
    assert blocks("```\na") == [".PP", ".RS 4", ".nf", "\\&a", ".fi", ".RE"]


@given(WORDS)
def test_no_text_becomes_a_request(text: str) -> None:
    page = ManPage(name="x", number=7, summary=text, sections=(Section(heading=text, text=text),))

    lines = render_page(page, "1").split("\n")

    for line in lines:
        assert line.isascii()
        assert not line.startswith("'")
        assert not line.startswith(".") or REQUESTS.match(line)
    opened = [line for line in lines if line in {".nf", ".RS 4"}]
    assert len(opened) == len([line for line in lines if line in {".fi", ".RE"}])


@given(WORDS)
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    names = {"aq": "'", "ga": "`", "ha": "^", "ti": "~", "dq": '"'}
    shown = re.sub(r"\\\[u([0-9A-F]{4,})\]", lambda found: chr(int(found[1], 16)), escape(text))
    shown = re.sub(r"\\\((..)", lambda found: names[found[1]], shown)
    shown = shown.replace("\\&", "").replace("\\-", "-").replace("\\e", "\\")

    assert shown == " ".join(text.split())
