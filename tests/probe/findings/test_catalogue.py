import re

from maild.probe.findings import LIVE_FINDINGS


def test_findings_stand_in_the_order_of_their_codes_and_each_code_once() -> None:
    codes = [finding.code for finding in LIVE_FINDINGS]

    assert codes == sorted(set(codes))


def test_codes_are_those_set_apart_for_live_findings() -> None:
    shared = {
        "ML320",
        "ML413",
        "ML517",
        "ML518",
        "ML519",
        "ML614",
        "ML616",
        "ML617",
        "ML618",
        "ML621",
        "ML710",
        "ML711",
        "ML712",
        "ML713",
    }

    own = {f"ML{number}" for number in range(720, 800)}

    assert {finding.code for finding in LIVE_FINDINGS} <= shared | own


def test_names_are_unique_and_readable() -> None:
    names = [finding.name for finding in LIVE_FINDINGS]

    assert len(set(names)) == len(names)
    assert [name for name in names if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name) is None] == []


def test_every_finding_is_documented_under_the_same_headings() -> None:
    for finding in LIVE_FINDINGS:
        headings = re.findall(r"^## (.*)$", finding.documentation, re.MULTILINE)

        assert headings == ["What it finds", "Why it matters", "What to do", "Found by"]
        assert all(text.endswith(".") for text in (finding.finds, finding.why, finding.mend))
        assert not finding.summary.endswith(".")
