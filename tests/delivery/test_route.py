from dataclasses import replace

from maild.config.route import Match, Route
from maild.delivery.route import Chosen, Routed, RoutingFacts, RoutingTable, Unroutable, choose_account
from maild.mail.address import Mailbox
from tests.rows import each_row

SHOP = Route(match=Match(sender="*@shop.example"), accounts=("shop", "billing"))


def facts(
    account: str | None = None, sender: str = "me@home.example", headers: dict[str, tuple[str, ...]] | None = None
) -> RoutingFacts:
    return RoutingFacts(account=account, sender=sender, headers=headers or {})


def choose(
    facts: RoutingFacts,
    *routes: Route,
    accounts: tuple[str, ...] = ("billing", "shop"),
    default: str | None = None,
    to: str = "You@There.example",
    disabled: tuple[str, ...] = (),
) -> Routed:
    table = RoutingTable(
        accounts=frozenset(accounts), default_account=default, routes=routes, disabled=frozenset(disabled)
    )
    return choose_account(table, facts, Mailbox.parse(to))


def test_the_account_that_the_message_asks_for_comes_before_any_route() -> None:
    assert choose(facts(account="billing", sender="a@shop.example"), SHOP) == Chosen(account="billing")


def test_an_account_asked_for_that_does_not_exist_is_never_replaced_by_another() -> None:
    assert choose(facts(account="gone"), SHOP, default="billing") == Unroutable(
        detail='the message asks for account "gone", which does not exist; '
        "add accounts/gone.yaml, or delete the message and drop it elsewhere"
    )


def test_the_first_route_that_matches_wins() -> None:
    second = Route(match=Match(sender="*"), accounts=("billing",))

    assert choose(facts(sender="A@Shop.Example"), SHOP, second) == Chosen(account="shop")
    assert choose(facts(sender="a@else.example"), SHOP, second) == Chosen(account="billing")


def test_of_a_routes_accounts_the_first_that_exists_is_taken() -> None:
    assert choose(facts(sender="a@shop.example"), SHOP, accounts=("billing",)) == Chosen(account="billing")


def test_a_route_without_any_existing_account_is_not_replaced_by_the_default() -> None:
    assert choose(facts(sender="a@shop.example"), SHOP, accounts=("other",), default="other") == Unroutable(
        detail='the route that matches names "shop", "billing", and no such account exists'
    )


OFF = Unroutable(detail='the account "shop" is switched off (enabled: false in its file), so the message waits')


def test_a_message_waits_for_an_account_that_is_switched_off() -> None:
    shop_only = Route(match=Match(), accounts=("shop",))

    assert choose(facts(account="shop"), accounts=("billing",), disabled=("shop",)) == OFF
    assert choose(facts(), shop_only, accounts=("billing",), disabled=("shop",), default="billing") == OFF
    assert choose(facts(), accounts=("billing",), disabled=("shop",), default="shop") == OFF
    assert choose(facts(), accounts=(), disabled=("shop",)) == OFF


def test_of_a_routes_accounts_one_that_is_switched_off_is_passed_over() -> None:
    chosen = choose(facts(sender="a@shop.example"), SHOP, accounts=("billing",), disabled=("shop",))

    assert chosen == Chosen(account="billing")


def test_switching_an_account_off_makes_no_other_one_the_only_account() -> None:
    assert isinstance(choose(facts(), accounts=("billing",), disabled=("shop",)), Unroutable)


def test_where_a_route_has_shares_the_message_itself_decides() -> None:
    shared = Route(match=Match(), accounts=("shop", "billing"), weights={"shop": 1})
    ways = {id_: choose(replace(facts(), id=id_), shared) for id_ in map(str, range(50))}

    assert set(ways.values()) == {Chosen(account="shop"), Chosen(account="billing")}
    assert all(choose(replace(facts(), id=id_), shared) == way for id_, way in ways.items())


@each_row(
    ("match", "is_match"),
    [
        (Match(), True),
        (Match(recipient="*@there.example"), True),
        (Match(recipient="*@THERE.example"), True),
        (Match(recipient="*@here.example"), False),
        (Match(headers={"x-class": "bulk"}), True),
        (Match(headers={"X-Class": "BULK"}), True),
        (Match(headers={"x-class": "bul"}), False),
        (Match(headers={"x-other": "*"}), False),
        (Match(headers={"x-class": "b*", "subject": "*invoice*"}), True),
        (Match(sender="me@*", recipient="*@here.example"), False),
        (Match(sender="you@*"), False),
    ],
)
def test_every_pattern_of_a_route_must_match(match: Match, *, is_match: bool) -> None:
    asked = facts(headers={"x-class": ("first", "Bulk"), "subject": ("Your invoice 7",)})

    chosen = choose(asked, Route(match=match, accounts=("shop",)), default="billing")

    assert chosen == Chosen(account="shop" if is_match else "billing")


def test_recipients_of_one_message_may_go_different_ways() -> None:
    route = Route(match=Match(recipient="*@there.example"), accounts=("shop",))

    assert choose(facts(), route, default="billing", to="a@there.example") == Chosen(account="shop")
    assert choose(facts(), route, default="billing", to="a@else.example") == Chosen(account="billing")


def test_the_default_account_takes_the_rest() -> None:
    assert choose(facts(), SHOP, default="billing") == Chosen(account="billing")


def test_a_default_account_that_does_not_exist_leaves_the_message_waiting() -> None:
    assert choose(facts(), default="gone") == Unroutable(
        detail='no route matches, and the default account "gone" does not exist'
    )


def test_the_only_account_there_is_needs_no_naming() -> None:
    assert choose(facts(), accounts=("solo",)) == Chosen(account="solo")


def test_without_accounts_nothing_can_be_sent() -> None:
    assert choose(facts(), accounts=()) == Unroutable(
        detail="there is no account to send it with; add one to the accounts/ folder"
    )


def test_among_several_accounts_one_must_be_named() -> None:
    assert choose(facts(), accounts=("d", "c", "b", "a")) == Unroutable(
        detail='no route matches and "a", "b", "c" and 1 more could send it; name one as default_account in maild.yaml'
    )


def test_only_a_route_with_header_patterns_needs_the_headers() -> None:
    plain = RoutingTable(accounts=frozenset(), default_account=None, routes=(SHOP,))
    curious = RoutingTable(
        accounts=frozenset(), default_account=None, routes=(Route(match=Match(headers={"a": "b"}), accounts=("x",)),)
    )

    assert not plain.needs_headers
    assert curious.needs_headers
