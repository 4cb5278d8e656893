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
    "ML103",
    "ML123",
    "ML214",
    "ML439",
    "ML905",
    "ML907",
    "ML908",
    "ML909",
    "ML999",
}
"""A large file, one that cannot be read or is there twice, a date, the daemon and a crash: see test_engine."""


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
    assert {path.name for path in CASES.iterdir()} == {rule.info.code for rule in RULES} - SHOWN_ELSEWHERE


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
