"""No rule is left out of a file that it has something to say about: the words of the catalogue are wide enough."""

from pathlib import Path

import pytest

from maild.rules.catalogue import RULES, rules_about
from maild.rules.subject import Subject
from tests.rules.examine import ACCOUNTS, GOOD, NOW, KnownSecrets, load

FOLDERS = sorted((Path(__file__).parent / "cases").iterdir())
PARTS = 6
"""Every rule is asked of every file, which takes seconds: shared by those who run the tests."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_rule_that_would_find_something_is_asked(part: int) -> None:
    for folder in FOLDERS[part::PARTS]:
        every_rule_that_finds_something_is_asked(folder)


def every_rule_that_finds_something_is_asked(folder: Path) -> None:
    for path in folder.glob("*/*.yaml"):
        loaded = load(path.read_bytes(), file=path.name)
        subject = Subject(loaded=loaded, now=NOW, secrets=KnownSecrets(), accounts=ACCOUNTS)

        finding = {rule.info.code for rule in RULES if list(rule.check(subject))}

        assert finding <= {rule.info.code for rule in rules_about(subject)}, path.parent.name


def test_where_nobody_looks_for_passwords_no_rule_says_anything_of_them() -> None:
    subject = Subject(loaded=load(GOOD), now=NOW)

    assert [finding for rule in RULES for finding in rule.check(subject)] == []
