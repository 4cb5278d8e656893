from pathlib import Path
from typing import get_args

import maild.rules
from maild.config.fault import Fault, UnsupportedYaml
from maild.rules.catalogue import INFOS, RULES, find_rule

FOLDER = Path(maild.rules.__file__).parent
CASES = Path(__file__).parent / "cases"
FAMILIES = {
    "syntax": "ML1",
    "structure": "ML2",
    "transport": "ML3",
    "provider": "ML4",
    "identity": "ML5",
    "routing": "ML6",
    "probe": "ML7",
    "tool": "ML9",
}
SHOWN_ELSEWHERE = {
    "ML103": ("rules/test_engine.py", "a file of more than a mebibyte would have to be kept here"),
    "ML123": ("rules/test_engine.py", "no text makes a file one that cannot be read"),
    "ML214": ("rules/test_engine.py", "it takes a second file of the same name, which is never loaded"),
    "ML439": ("rules/test_engine.py", "no text is wrong, only the day on which it is looked at is late"),
    "ML905": ("rules/test_baseline.py", "it is about a baseline, and what was wrong in a file before"),
    "ML907": ("rules/test_excess.py", "it takes the place of other findings when they are shown"),
    "ML908": ("daemon/test_reload.py", "only a daemon that runs knows what it began with"),
    "ML909": ("daemon/test_canaryloop.py", "it takes a server that refuses a login"),
    "ML999": ("rules/test_engine.py", "no file makes a rule crash"),
}
"""Rules that the text of a file cannot show: the test that shows them instead, and why."""


def test_the_list_is_in_order_and_codes_and_names_are_unique() -> None:
    codes = [rule.info.code for rule in RULES]

    assert codes == sorted(set(codes))
    assert len({rule.info.name for rule in RULES}) == len(RULES)


def test_each_rule_is_one_file_named_by_code_and_name_in_its_family() -> None:
    files = {f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/ml*.py")}
    family_of = {prefix: family for family, prefix in FAMILIES.items()}

    assert files == {
        f"{family_of[rule.info.code[:3]]}/{rule.info.code.lower()}_{rule.info.name.replace('-', '_')}" for rule in RULES
    }


def test_each_rule_has_cases_and_each_case_folder_has_a_rule() -> None:
    assert {path.name for path in CASES.iterdir()} == {rule.info.code for rule in RULES} - SHOWN_ELSEWHERE.keys()


def test_each_rule_with_cases_has_one_that_is_wrong_and_one_that_is_right() -> None:
    cases = {folder.name: {case.name.startswith("fine") for case in folder.iterdir()} for folder in CASES.iterdir()}

    assert {code for code, kinds in cases.items() if kinds != {True, False}} == set()


def test_each_rule_without_cases_is_shown_by_the_test_that_is_named() -> None:
    tests = Path(__file__).parents[1]

    assert [code for code, (path, _) in SHOWN_ELSEWHERE.items() if code not in (tests / path).read_text()] == []


def test_each_kind_of_fault_is_reported_by_exactly_one_rule() -> None:
    reported = [kind.__name__ for rule in RULES for kind in rule.info.faults]

    assert sorted(reported) == sorted(kind.__name__ for kind in get_args(Fault))


def test_the_one_fault_of_three_kinds_has_a_rule_for_each() -> None:
    # A tag, a key that is no text and a second document are one fault with a word in it.
    assert [rule.info.code for rule in RULES if UnsupportedYaml in rule.info.faults] == ["ML117"]


def test_what_keeps_a_file_from_being_built_cannot_be_weakened() -> None:
    assert all(rule.info.is_fixed for rule in RULES if rule.info.faults)


def test_a_rule_is_found_by_code_or_name_in_any_case() -> None:
    by_code, by_name = find_rule("ml301"), find_rule("Port-25-Submission")

    assert by_code is not None
    assert by_code is by_name
    assert find_rule("ML000") is None


def test_the_list_and_the_identities_are_as_long_as_each_other() -> None:
    assert len(RULES) == len(INFOS) == len(list(RULES))
    assert list(INFOS) == [rule.info.code for rule in RULES]
    assert find_rule("ML301") in RULES
    assert all(INFOS[rule.info.code] is rule.info for rule in RULES)
