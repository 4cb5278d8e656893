import json
from types import MappingProxyType
from typing import Final

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from maild.cli.change_text import Difference, change_object, change_sentence
from maild.config.change import (
    AccountAdded,
    AccountBroken,
    AccountGone,
    AccountMended,
    AccountRenamed,
    AccountSwitched,
    LimitChanged,
    SecretMoved,
    SecurityChanged,
    SettingChanged,
    SiteBroken,
)
from maild.config.resources import schema_text
from maild.config.route import Match
from maild.delivery.detour import RouteMoved, RoutesRewritten, SharesMoved, StandInsChanged
from maild.delivery.stranding import Affected, Freed, LeftBehind, Redirected, Stranded
from tests.rows import each_row

DIAGNOSTICS: Final = Resource.from_contents(json.loads(schema_text("diagnostics")))
REGISTRY: Final = Registry().with_resource("urn:maild:schema:diagnostics", DIAGNOSTICS)
SCHEMA: Final = Draft202012Validator(json.loads(schema_text("changes")), registry=REGISTRY)
BULK: Final = Match(sender="*@a.example", recipient="*@b.example", headers=MappingProxyType({"x-class": "bulk"}))

SENTENCES: Final[list[tuple[Difference, str]]] = [
    (AccountAdded(account="a"), "a: a new account."),
    (AccountAdded(account="a", is_enabled=False), "a: a new account, switched off."),
    (AccountGone(account="a"), "a: the account is gone; nothing can be sent through it any more."),
    (
        AccountRenamed(account="a", after="b"),
        "a: the account is called b now; what asks for it as a finds none.",
    ),
    (
        AccountBroken(account="a", was_there=True),
        (
            "a: the file has errors now: a daemon that has used it keeps its earlier version, over a restart too; any "
            "other has no such account."
        ),
    ),
    (
        AccountBroken(account="a", was_there=False),
        "a: a new account whose file has errors, so it cannot be used.",
    ),
    (AccountMended(account="a"), "a: the file had errors and has none now, so the account can be used."),
    (AccountSwitched(account="a", is_enabled=True), "a: the account is switched on."),
    (AccountSwitched(account="a", is_enabled=False), "a: the account is switched off; its messages wait."),
    (
        SettingChanged(account=None, key="default_account", before=None, after="b"),
        "maild.yaml: default_account: not set -> b.",
    ),
    (
        SettingChanged(account="a", key="http.url", before="https://h/?••••", after="https://h/?••••"),
        "a: http.url: https://h/?••••, changed in a part that is not shown.",
    ),
    (
        SecurityChanged(account="a", key="smtp.tls.verify", before="true", after="false", is_weaker=True),
        "a: protection is WEAKER: smtp.tls.verify true -> false.",
    ),
    (
        SecurityChanged(account="a", key="smtp.tls.pin_sha256", before=None, after="00", is_weaker=False),
        "a: protection is stronger: smtp.tls.pin_sha256 not set -> 00.",
    ),
    (
        LimitChanged(account="a", key="limits.per_day", before="500", after="100", is_lower=True),
        "a: limits.per_day is lowered: 500 -> 100.",
    ),
    (
        LimitChanged(account="a", key="limits.per_day", before="500", after=None, is_lower=None),
        "a: limits.per_day is changed: 500 -> not set.",
    ),
    (
        SecretMoved(account="a", before="environment variable A", after=None),
        "a: the password is read from elsewhere: environment variable A -> not set.",
    ),
    (
        SiteBroken(),
        (
            "maild.yaml has errors now: a daemon that has used it keeps its earlier version, over a restart too; any "
            "other does not start."
        ),
    ),
    (RouteMoved(match=Match(), before="a", after="b"), "Mail that no route names went by a and now goes by b."),
    (
        RouteMoved(match=BULK, before=None, after=None),
        (
            "Mail from *@a.example to *@b.example with x-class: bulk waited for want of an account and now waits, for "
            "no account would send it."
        ),
    ),
    (
        SharesMoved(match=Match(sender="*@a.example"), before_shares={"a": 100}, after_shares={"a": 75, "b": 25}),
        "Mail from *@a.example is shared out anew: all by a -> 75 % by a and 25 % by b.",
    ),
    (
        SharesMoved(match=Match(), before_shares={"a": 50, "b": 50}, after_shares={}),
        "Mail that no route names is shared out anew: 50 % by a and 50 % by b -> none, it waits.",
    ),
    (
        StandInsChanged(match=BULK, account="a", before_accounts=("b", "c"), after_accounts=()),
        (
            "Mail from *@a.example to *@b.example with x-class: bulk goes by a as before, but others stand in when "
            "that cannot send: b, then c -> nobody."
        ),
    ),
    (
        RoutesRewritten(before=1, after=2),
        "The routes are others (1 -> 2), and no mail was found that they move.",
    ),
    (
        Stranded(account="a", messages=2),
        "2 queued messages would be STRANDED: the way was by a, and no account would send them now.",
    ),
    (Redirected(account="a", after="b", messages=1), "1 queued message would go by b instead of a."),
    (Affected(account="a", messages=1), "1 queued message would go by a with its new settings."),
    (Freed(after="a", messages=3), "3 queued messages that had no way would go by a."),
    (
        LeftBehind(before="/var/old", after="/var/new", messages=1),
        (
            "1 queued message would be STRANDED: what waits in /var/old is not looked at once the spool is /var/new. "
            "Let the queue there run empty first (`maild run --once`), or move the whole folder."
        ),
    ),
]


@each_row(("change", "sentence"), SENTENCES)
def test_every_difference_is_a_sentence_and_an_object_of_the_schema(change: Difference, sentence: str) -> None:
    assert change_sentence(change) == sentence
    found = change_object(change, lambda text: text)
    assert found["sentence"] == sentence
    SCHEMA.validate({"old": "a", "new": "b", "changes": [found], "errors": []})


def test_the_schema_knows_the_kinds_that_there_are_and_no_other() -> None:
    schema = json.loads(schema_text("changes"))
    known = {one["const"] for one in schema["$defs"]["change"]["properties"]["kind"]["oneOf"]}
    assert known == {change_object(change, lambda text: text)["kind"] for change, _ in SENTENCES}


def test_texts_of_an_object_go_through_who_hides_secrets() -> None:
    change = SettingChanged(account="a", key="username", before="canary", after="b")
    found = change_object(change, lambda text: text.replace("canary", "••••"))
    assert (found["before"], found["sentence"]) == ("••••", "a: username: •••• -> b.")
