from collections.abc import Mapping
from types import MappingProxyType

from maild.config.compare import Configuration
from maild.config.model import Account, Site, SmtpSettings, Tls, TlsMode
from maild.config.route import Match, Route
from maild.delivery.detour import RouteMoved, RoutesRewritten, SharesMoved, StandInsChanged, detours, routing_table

SMTP = SmtpSettings(host="mail.shop.example", port=465, tls=Tls(mode=TlsMode.IMPLICIT))


def site(*routes: Route, default: str | None = "a", names: str = "ab", disabled: str = "") -> Configuration:
    accounts = {name: Account(name=name, transport=SMTP, is_enabled=name not in disabled) for name in names}
    return Configuration(site=Site(default_account=default, routes=routes), accounts=accounts)


def route(
    account: str, sender: str | None = None, to: str | None = None, headers: Mapping[str, str] = MappingProxyType({})
) -> Route:
    return Route(match=Match(sender=sender, recipient=to, headers=headers), accounts=(account,))


def test_the_same_ways_are_no_detour() -> None:
    assert detours(site(route("b", "*@x.example")), site(route("b", "*@x.example"))) == ()


def test_another_default_account_moves_what_no_route_names() -> None:
    assert detours(site(), site(default="b")) == (RouteMoved(match=Match(), before="a", after="b"),)


def test_what_follows_from_a_wider_move_is_not_said_again() -> None:
    old, new = site(route("a", to="*@x.example")), site(default="b")
    assert detours(old, new) == (RouteMoved(match=Match(), before="a", after="b"),)


def test_a_route_that_comes_moves_its_kind_of_mail() -> None:
    assert detours(site(), site(route("b", "*@x.example"))) == (
        RouteMoved(match=Match(sender="*@x.example"), before="a", after="b"),
    )


def test_routes_in_another_order_move_what_belongs_to_both() -> None:
    first, second = route("a", "*@x.example"), route("b", to="*@y.example")
    assert detours(site(first, second), site(second, first)) == (
        RouteMoved(match=Match(sender="*@x.example", recipient="*@y.example"), before="a", after="b"),
    )


def test_a_header_moves_mail_too() -> None:
    headers = MappingProxyType({"x-class": "bul?"})
    assert detours(site(), site(route("b", headers=headers))) == (
        RouteMoved(match=Match(headers=headers), before="a", after="b"),
    )


def test_an_account_that_is_switched_off_leaves_mail_waiting() -> None:
    assert detours(site(), site(disabled="a")) == (RouteMoved(match=Match(), before="a", after=None),)
    assert routing_table(site(disabled="a")).accounts == {"b"}


def test_routes_that_say_the_same_in_other_words_are_only_named() -> None:
    assert detours(site(route("a", "*@x.example")), site()) == (RoutesRewritten(before=1, after=0),)


def test_of_patterns_that_no_text_or_no_address_was_found_for_nothing_is_said() -> None:
    odd = [route("b", "[!x]"), route("b", to="[!x]"), route("b", to="@"), route("b", headers={"x": "[!x]"})]
    assert detours(site(), site(*odd)) == (RoutesRewritten(before=0, after=4),)


def test_a_pattern_without_an_at_sign_still_gets_an_address() -> None:
    assert detours(site(), site(route("b", to="*shop.example"))) == (
        RouteMoved(match=Match(recipient="*shop.example"), before="a", after="b"),
    )


def test_a_broken_maild_yaml_has_the_ways_of_the_defaults() -> None:
    assert routing_table(Configuration(site=None)).default_account is None


def shared(*accounts: str, **weights: int) -> Route:
    return Route(match=Match(sender="*@x.example"), accounts=accounts, weights=weights)


def test_other_weights_are_told_in_parts_of_a_hundred_whatever_message_is_drawn() -> None:
    old, new = site(shared("a", "b", a=3)), site(shared("a", "b", a=1, b=2))
    assert detours(old, new) == (
        SharesMoved(
            match=Match(sender="*@x.example"), before_shares={"a": 75, "b": 25}, after_shares={"b": 67, "a": 33}
        ),
    )
    assert detours(old, site(shared("a", "b", a=6, b=2))) == (RoutesRewritten(before=1, after=1),)


def test_weights_that_come_or_go_share_mail_out_anew() -> None:
    alone, both = site(shared("a", "b")), site(shared("a", "b", a=1))
    kind = Match(sender="*@x.example")
    assert detours(alone, both) == (SharesMoved(match=kind, before_shares={"a": 100}, after_shares={"a": 50, "b": 50}),)
    gone = site(shared("a", "b", a=1), names="", default=None)
    assert detours(both, gone) == (
        RouteMoved(match=Match(), before="a", after=None),
        SharesMoved(match=kind, before_shares={"a": 50, "b": 50}, after_shares={}),
    )


def test_an_account_of_weight_0_only_stands_in() -> None:
    assert detours(site(shared("a", "b", b=0)), site(shared("a"))) == (
        StandInsChanged(match=Match(sender="*@x.example"), account="a", before_accounts=("b",), after_accounts=()),
    )


def test_another_order_behind_the_first_account_is_told() -> None:
    old, new = site(shared("a", "b", "c"), names="abc"), site(shared("a", "c", "b"), names="abc")
    assert detours(old, new) == (
        StandInsChanged(
            match=Match(sender="*@x.example"), account="a", before_accounts=("b", "c"), after_accounts=("c", "b")
        ),
    )


def test_switching_off_one_of_two_accounts_does_not_make_the_other_the_only_one() -> None:
    assert detours(site(default=None), site(default=None, disabled="b")) == ()
