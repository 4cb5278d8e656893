from maild.config.model import Account, HttpSettings
from maild.daemon.adoption import Adoption, limits_of, logs_in, message_id_domain, plan_of, world_of
from maild.daemon.memory import Memory
from maild.probe.events import ProbeFinished
from maild.spool.drop.quota import UserLimits
from tests.daemon.test_reload import BILLING, SHOP, SITE, account, first, turn
from tests.observe.values import probe


def test_a_plan_is_the_part_of_a_generation_that_delivery_needs() -> None:
    generation = first({BILLING: account(), SHOP: account(), SITE: "default_account: billing\n"})

    plan = plan_of(generation)

    assert (plan.generation, plan.accounts, plan.default_account) == (1, generation.accounts, "billing")
    assert plan.folder == generation.accounts_folder


def test_an_account_that_is_switched_off_is_no_way_for_mail_and_known_as_such() -> None:
    generation = first({BILLING: account(), SHOP: account() + "enabled: false\n"})

    plan = plan_of(generation)

    assert (set(plan.accounts), set(plan.disabled)) == ({"billing"}, {"shop"})
    assert (set(plan.table.accounts), set(plan.table.disabled)) == ({"billing"}, {"shop"})
    assert set(generation.accounts) == {"billing", "shop"}


def test_a_message_without_a_sender_gets_the_message_id_of_the_account_it_will_probably_go_by() -> None:
    only = first({BILLING: account()})
    both = first({BILLING: account(), SHOP: account()})
    chosen = first({BILLING: account(), SHOP: account(), SITE: "default_account: shop\n"})

    assert message_id_domain(only) == only.accounts["billing"].sender.domain
    assert message_id_domain(both) is None
    assert message_id_domain(chosen) == chosen.accounts["shop"].sender.domain


def test_a_machine_without_a_full_name_borrows_one_for_its_reports() -> None:
    generation = first({BILLING: account(), SITE: "reports: {per_hour: 7}\n"})

    world = world_of(generation, "box")

    assert (world.settings.per_hour, world.accounts) == (7, generation.accounts)
    assert world.hostname == generation.accounts["billing"].sender.domain
    assert world_of(generation, "box.example.net").hostname == "box.example.net"
    assert world_of(first({BILLING: account(), SHOP: account()}), "box").hostname == "box"


def test_the_intake_takes_what_the_site_says() -> None:
    text = "intake: {max_size: 5MB, per_user: {messages_per_hour: 7, size_per_hour: 1MB}}\n"

    limits = limits_of(first({BILLING: account(), SITE: text}).site.intake)

    assert limits.max_bytes == 5_000_000
    assert limits.users == UserLimits(messages_per_hour=7, bytes_per_hour=1_000_000)


def test_an_account_logs_in_when_it_has_a_password_and_a_server_to_log_in_to() -> None:
    billing = first({BILLING: account()}).accounts["billing"]
    http = Account(name="http", transport=HttpSettings(url="https://mail.example"))

    assert logs_in(billing)
    assert not logs_in(http)
    assert not logs_in(Account(name="open", transport=billing.transport))


def test_a_generation_is_handed_to_all_who_joined_in_their_order() -> None:
    told: list[tuple[str, object]] = []
    adoption = Adoption(Memory())
    generation = first({BILLING: account()})

    adoption.join(lambda given: told.append(("log", given)))
    adoption.use(generation)
    adoption.join(lambda given: told.append(("parts", given)))
    adoption.use(generation)

    assert told == [("log", generation), ("log", generation), ("parts", generation)]
    assert adoption.account("billing") == generation.accounts["billing"]
    assert adoption.account("shop") is None


def test_what_is_known_of_an_account_that_changed_is_forgotten() -> None:
    memory = Memory()
    adoption = Adoption(memory)
    before = first({BILLING: account(), SHOP: account()})
    adoption.use(before)
    for name in ("billing", "shop"):
        memory.on_event(ProbeFinished(result=probe(name)))

    adoption.use(turn(before, {BILLING: account("mail.example.org"), SHOP: account() + "# a comment\n"}).generation)

    assert list(memory.probes) == ["shop"]
