from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final

import pytest

from maild.config.change import (
    AccountAdded,
    AccountBroken,
    AccountGone,
    AccountMended,
    AccountRenamed,
    AccountSwitched,
    Change,
    LimitChanged,
    SecretMoved,
    SecurityChanged,
    SettingChanged,
    SiteBroken,
)
from maild.config.compare import Configuration, compare
from maild.config.delivery_settings import DeliverySettings
from maild.config.model import (
    Account,
    AuthMechanism,
    HttpSettings,
    HttpTls,
    Limits,
    Site,
    SmtpSettings,
    Tls,
    TlsMode,
    TlsVersion,
)
from maild.config.pin import Pin, PinKind
from maild.mail.address import Mailbox
from maild.secret import CommandRef, EnvRef, FileRef
from tests.rows import each_row

SHOP: Final = Mailbox("office", "shop.example")
SMTP: Final = SmtpSettings(host="mail.shop.example", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
BILLING: Final = Account(
    name="billing", transport=SMTP, username="billing@shop.example", password=EnvRef(name="BILLING_PASSWORD")
)
HTTP: Final = Account(
    name="billing", transport=HttpSettings(url="https://mail.shop.example/send?key=canary"), reply_to=(SHOP,)
)
PIN: Final = Pin(kind=PinKind.PUBLIC_KEY, digest=bytes(32))


def of(*accounts: Account, site: Site | None = None, broken: frozenset[str] = frozenset()) -> Configuration:
    return Configuration(site=site or Site(), accounts={one.name: one for one in accounts}, broken=broken)


def changes(before: Account, after: Account) -> tuple[Change, ...]:
    return compare(of(before), of(after))


def with_tls(**values: Any) -> Account:  # noqa: ANN401 -- fields of Tls
    return replace(BILLING, transport=replace(SMTP, tls=replace(SMTP.tls, **values)))


def test_a_configuration_and_itself_differ_in_nothing() -> None:
    assert compare(of(BILLING), of(BILLING)) == ()


def test_accounts_come_and_go() -> None:
    new = replace(BILLING, name="new", username="new@shop.example", is_enabled=False)
    assert compare(of(BILLING), of(new)) == (
        AccountGone(account="billing"),
        AccountAdded(account="new", is_enabled=False),
    )


def test_an_account_that_only_has_another_name_was_renamed() -> None:
    assert compare(of(BILLING), of(replace(BILLING, name="invoices"))) == (
        AccountRenamed(account="billing", after="invoices"),
    )


def test_nobody_guesses_which_of_two_equal_accounts_was_renamed() -> None:
    twins = [replace(BILLING, name=name) for name in ("a", "b")]
    assert compare(of(BILLING), of(*twins)) == (
        AccountAdded(account="a"),
        AccountAdded(account="b"),
        AccountGone(account="billing"),
    )


@each_row(
    ("old", "new", "expected"),
    [
        (of(BILLING), of(broken=frozenset({"billing"})), (AccountBroken(account="billing", was_there=True),)),
        (of(), of(broken=frozenset({"billing"})), (AccountBroken(account="billing", was_there=False),)),
        (of(broken=frozenset({"billing"})), of(BILLING), (AccountMended(account="billing"),)),
        (of(broken=frozenset({"billing"})), of(broken=frozenset({"billing"})), ()),
        (of(broken=frozenset({"billing"})), of(), (AccountGone(account="billing"),)),
    ],
)
def test_a_file_with_errors_is_told_from_one_that_is_not_there(
    old: Configuration, new: Configuration, expected: tuple[Change, ...]
) -> None:
    assert compare(old, new) == expected


def test_an_account_is_switched_off() -> None:
    assert changes(BILLING, replace(BILLING, is_enabled=False)) == (
        AccountSwitched(account="billing", is_enabled=False),
    )


def test_another_server_is_told_by_host_and_port() -> None:
    moved = replace(BILLING, transport=replace(SMTP, host="other.example", port=2465))
    assert changes(BILLING, moved) == (
        SettingChanged(account="billing", key="smtp.host", before="mail.shop.example", after="other.example"),
        SettingChanged(account="billing", key="smtp.port", before="465", after="2465"),
    )


def test_starttls_that_is_insisted_on_is_as_safe_as_tls_from_the_first_byte() -> None:
    assert changes(with_tls(), with_tls(mode=TlsMode.STARTTLS)) == (
        SettingChanged(account="billing", key="smtp.tls.mode", before="implicit", after="starttls"),
    )


@each_row(
    ("strong", "weak", "key", "texts"),
    [
        ({}, {"mode": TlsMode.NONE}, "smtp.tls.mode", ("implicit", "none")),
        ({"mode": TlsMode.STARTTLS}, {"mode": TlsMode.NONE}, "smtp.tls.mode", ("starttls", "none")),
        ({}, {"verify": False}, "smtp.tls.verify", ("true", "false")),
        ({"min_version": TlsVersion.TLS_1_3}, {}, "smtp.tls.min_version", ("1.3", "1.2")),
        ({"pins": (PIN,)}, {}, "smtp.tls.pin_sha256", (str(PIN), None)),
    ],
)
def test_less_protection_is_weaker_and_the_way_back_is_stronger(
    strong: dict[str, Any], weak: dict[str, Any], key: str, texts: tuple[str, str | None]
) -> None:
    before, after = texts
    assert changes(with_tls(**strong), with_tls(**weak)) == (
        SecurityChanged(account="billing", key=key, before=before, after=after, is_weaker=True),
    )
    assert changes(with_tls(**weak), with_tls(**strong)) == (
        SecurityChanged(account="billing", key=key, before=after, after=before, is_weaker=False),
    )


@each_row(
    ("before", "after", "is_weaker"),
    [
        (AuthMechanism.SCRAM_SHA_256_PLUS, AuthMechanism.PLAIN, True),
        (AuthMechanism.EXTERNAL, None, True),
        (AuthMechanism.LOGIN, AuthMechanism.SCRAM_SHA_1, False),
        (AuthMechanism.PLAIN, AuthMechanism.LOGIN, None),
        (AuthMechanism.SCRAM_SHA_256, AuthMechanism.SCRAM_SHA_1, None),
    ],
)
def test_handing_out_the_password_is_weaker_than_proving_that_it_is_there(
    before: AuthMechanism | None, after: AuthMechanism | None, is_weaker: object
) -> None:
    smtp = SmtpSettings(host="mail.shop.example", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
    old, new = (replace(BILLING, transport=replace(smtp, auth=auth)) for auth in (before, after))
    (change,) = changes(old, new)
    assert getattr(change, "key") == "smtp.auth"  # noqa: B009 -- every kind that is meant has it
    assert getattr(change, "is_weaker", None) is is_weaker


def test_another_pin_is_neither_weaker_nor_stronger() -> None:
    other = Pin(kind=PinKind.PUBLIC_KEY, digest=bytes([1] * 32))
    assert changes(with_tls(pins=(PIN,)), with_tls(pins=(other,))) == (
        SettingChanged(account="billing", key="smtp.tls.pin_sha256", before=str(PIN), after=str(other)),
    )


def test_a_service_without_https_is_weaker_and_its_key_is_not_shown() -> None:
    plain = replace(HTTP, transport=HttpSettings(url="http://mail.shop.example/send?key=canary"))
    assert changes(HTTP, plain) == (
        SecurityChanged(
            account="billing",
            key="http.url",
            before="https://mail.shop.example/send?••••",
            after="http://mail.shop.example/send?••••",
            is_weaker=True,
        ),
    )


def test_another_protocol_is_compared_by_where_it_goes_and_how_safely() -> None:
    unsafe = replace(HTTP, transport=HttpSettings(url="http://mail.shop.example/", tls=HttpTls(verify=False)))
    found = changes(BILLING, unsafe)
    assert found[:3] == (
        SettingChanged(
            account="billing",
            key="protocol",
            before="smtp to mail.shop.example port 465",
            after="http to http://mail.shop.example/",
        ),
        SecurityChanged(account="billing", key="encrypted", before="true", after="false", is_weaker=True),
        SecurityChanged(account="billing", key="verified", before="true", after="false", is_weaker=True),
    )
    assert changes(HTTP, BILLING)[0].key == "protocol"  # type: ignore[union-attr]  # as the line says


@each_row(("before", "after", "is_lower"), [(500, 100, True), (100, 500, False), (None, 100, None), (100, None, None)])
def test_limits_are_lowered_and_raised(before: int | None, after: int | None, is_lower: bool | None) -> None:  # noqa: FBT001
    old, new = (replace(BILLING, limits=Limits(per_day=limit)) for limit in (before, after))
    texts = [None if limit is None else str(limit) for limit in (before, after)]
    assert changes(old, new) == (
        LimitChanged(account="billing", key="limits.per_day", before=texts[0], after=texts[1], is_lower=is_lower),
    )


def test_a_secret_moves_by_its_reference() -> None:
    assert changes(BILLING, replace(BILLING, password=FileRef(path=PurePath("/run/billing")))) == (
        SecretMoved(account="billing", before="environment variable BILLING_PASSWORD", after="file /run/billing"),
    )
    without = replace(BILLING, password=None)
    assert changes(without, replace(BILLING, password=CommandRef(argv=("pass", "canary")))) == (
        SecretMoved(account="billing", before=None, after="command pass"),
    )


def test_the_sites_settings_are_compared_and_its_lint_is_not() -> None:
    site = Site(default_account="billing", delivery=DeliverySettings(lifetime=timedelta(days=2)))
    assert compare(of(), of(site=site)) == (
        SettingChanged(account=None, key="default_account", before=None, after="billing"),
        LimitChanged(account=None, key="delivery.lifetime", before="5d", after="2d", is_lower=True),
    )


def test_a_broken_maild_yaml_is_said_once_and_compared_with_nothing() -> None:
    broken = Configuration(site=None)
    assert compare(of(), broken) == (SiteBroken(),)
    assert compare(broken, broken) == ()
    assert compare(broken, of(site=Site(default_account="a"))) == (
        SettingChanged(account=None, key="default_account", before=None, after="a"),
    )


def variants(value: object) -> Iterator[object]:
    """Values that differ from the settings value in one field, whatever fields it has."""
    assert is_dataclass(value)
    for field in fields(value):
        now = getattr(value, field.name)
        if is_dataclass(now) and not isinstance(now, (Mailbox, EnvRef)):
            others: list[object] = list(variants(now))
        else:
            others = [other(now, field.name)]
        for another in others:
            yield replace(value, **{field.name: another})  # type: ignore[type-var]  # a dataclass, as asserted


def other(now: object, name: str) -> object:  # noqa: PLR0911 -- a value of each type
    match now:
        case bool():
            return not now
        case StrEnum():
            return next((one for one in type(now) if one is not now), "another")
        case int():
            return now + 1
        case timedelta():
            return now * 2
        case _ if name == "password":
            return EnvRef(name="OTHER")
        case Mailbox():
            return Mailbox("other", "shop.example")
        case _ if name in {"reply_to", "pins", "retry"}:
            return (Mailbox("other", "shop.example"),)
        case _ if name == "email":
            return Mailbox("other", "shop.example")
        case _:
            return "other@shop.example"


@pytest.mark.parametrize("account", [BILLING, HTTP], ids=["smtp", "http"])
def test_no_setting_of_an_account_is_forgotten(account: Account) -> None:
    for changed in variants(account):
        assert isinstance(changed, Account)
        assert compare(of(account), of(changed)), changed


@each_row("section", ["delivery", "intake", "reports", "dns"])
def test_no_setting_of_these_sections_is_forgotten(section: str) -> None:
    for changed in variants(getattr(Site(), section)):
        assert compare(of(), of(site=replace(Site(), **{section: changed}))), changed  # type: ignore[arg-type]  # a section
