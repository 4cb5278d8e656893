"""One explanation for each code, whoever asks for it."""

from maild.cli.explanations import all_explanations, explanations_of, find_explanation
from maild.probe.findings import LIVE_FINDINGS
from maild.rules.catalogue import INFOS


def test_every_code_is_told_once() -> None:
    codes = [one.code for one in all_explanations()]

    assert codes == sorted({*INFOS, *(one.code for one in LIVE_FINDINGS)})
    assert {one.code for one in all_explanations() if one.is_live} == {one.code for one in LIVE_FINDINGS}
    assert all(one.markdown.startswith(f"## {one.code} ") for one in all_explanations())


def test_a_code_is_found_by_itself_or_its_name_in_any_case() -> None:
    rule, live = find_explanation("ml501"), find_explanation("Host-Does-Not-Resolve")

    assert rule is not None
    assert (rule.name, rule.is_fixed, rule.command) == ("secret-in-config", True, "maild explain ML501")
    assert live == find_explanation("ml710")
    assert find_explanation("ML000") is None


def test_those_of_a_report_are_told_by_code_and_what_is_unknown_is_left_out() -> None:
    assert list(explanations_of(["ML711", "ML301", "ML711", "ML000"])) == ["ML301", "ML711"]
