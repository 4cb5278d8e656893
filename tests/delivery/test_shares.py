from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from maild.config.route import Match, Route
from maild.delivery.shares import ordered_accounts

NAMES = ("shop", "billing", "spare")


def route(**weights: int) -> Route:
    return Route(match=Match(), accounts=NAMES, weights=weights)


def firsts(route: Route, messages: int = 4000) -> Counter[str]:
    return Counter(ordered_accounts(route, f"message-{number}")[0] for number in range(messages))


def test_without_weights_the_order_of_preference_stands() -> None:
    assert ordered_accounts(route(), "1") == NAMES


def test_each_account_comes_first_as_often_as_its_weight_says() -> None:
    counts = firsts(route(shop=3))

    assert 2250 < counts["shop"] < 2550  # three fifths of 4000, and five deviations either way
    assert 650 < counts["billing"] < 950
    assert 650 < counts["spare"] < 950


def test_an_account_of_weight_nothing_only_gets_what_nobody_else_can_take() -> None:
    assert {ordered_accounts(route(billing=0), str(number))[-1] for number in range(100)} == {"billing"}
    assert ordered_accounts(route(shop=0, billing=0, spare=0), "1") == NAMES


def test_an_account_that_is_gone_moves_only_what_it_had() -> None:
    every = route(shop=3, billing=2)
    rest = Route(match=Match(), accounts=("shop", "billing"), weights={"shop": 3, "billing": 2})

    for number in range(500):
        first, *others = ordered_accounts(every, str(number))
        remaining = tuple(name for name in (first, *others) if name != "spare")
        assert ordered_accounts(rest, str(number)) == remaining


@given(st.text(max_size=40), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 1000)))
def test_a_message_has_every_account_once_and_always_in_the_same_order(
    message_id: str, weights: dict[str, int]
) -> None:
    order = ordered_accounts(route(**weights), message_id)

    assert sorted(order) == sorted(NAMES)
    assert ordered_accounts(route(**weights), message_id) == order
