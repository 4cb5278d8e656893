from maild.cli.flaw_text import flaw_lines
from maild.probe.findings.spool import SPOOL_SPLIT


def test_a_finding_says_what_is_wrong_what_to_do_and_where_to_read_on() -> None:
    assert list(flaw_lines([SPOOL_SPLIT.diagnostic("It is spread.", help_="Mount it as one.")])) == [
        "error[ML618] spool-different-filesystem: It is spread.",
        "  help: Mount it as one.",
        "  docs: maild explain ML618",
    ]
