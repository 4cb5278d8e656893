from dataclasses import replace
from pathlib import Path

from maild.delivery.plan import Plan
from tests.delivery.world import account

BEFORE = Plan(generation=1, accounts={name: account(name) for name in "abc"}, folder=Path("accounts"))


def test_only_what_changed_is_adopted_from_the_plan_that_follows() -> None:
    after = replace(BEFORE, generation=2, accounts={"a": account("a"), "c": account("c")}, changed=frozenset("ab"))

    assert after.to_adopt(BEFORE) == {"a"}
    assert after.gone(BEFORE, BEFORE.accounts.keys()) == {"b"}


def test_everything_is_adopted_where_it_is_not_known_what_changed() -> None:
    later = replace(BEFORE, generation=3, changed=frozenset("a"))

    assert list(later.to_adopt(BEFORE)) == ["a", "b", "c"]
    assert list(later.to_adopt(None)) == ["a", "b", "c"]
    assert replace(later, accounts={"c": account("c")}).gone(BEFORE, BEFORE.accounts.keys()) == {"a", "b"}
    assert list(replace(later, generation=2, changed=None).to_adopt(BEFORE)) == ["a", "b", "c"]
    assert list(replace(later, generation=2, folder=Path("other")).to_adopt(BEFORE)) == ["a", "b", "c"]
