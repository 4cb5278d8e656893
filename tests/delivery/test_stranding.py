from maild.delivery.route import RoutingFacts, RoutingTable
from maild.delivery.stranding import Affected, Freed, QueuedMail, Redirected, Stranded, queue_changes
from maild.mail.address import Mailbox

ANN = Mailbox("ann", "customer.example")
BOB = Mailbox("bob", "customer.example")


def table(names: str, default: str | None = None) -> RoutingTable:
    return RoutingTable(accounts=frozenset(names), default_account=default, routes=())


def mail(account: str | None, *recipients: Mailbox) -> QueuedMail:
    facts = RoutingFacts(account=account, sender="", headers={})
    return QueuedMail(facts=facts, recipients=recipients or (ANN,))


def test_a_message_for_an_account_that_goes_is_stranded() -> None:
    queued = [mail("a"), mail("a", ANN, BOB), mail("b")]
    assert queue_changes(queued, table("ab"), table("b"), set()) == (Stranded(account="a", messages=2),)


def test_a_message_that_no_account_could_send_before_is_no_matter_of_the_change() -> None:
    assert queue_changes([mail("gone")], table("ab"), table("b"), set()) == ()


def test_another_default_account_redirects_what_waits() -> None:
    assert queue_changes([mail(None)], table("ab", "a"), table("ab", "b"), set()) == (
        Redirected(account="a", after="b", messages=1),
    )


def test_an_account_with_other_settings_affects_what_waits_for_it() -> None:
    assert queue_changes([mail("a"), mail("b")], table("ab"), table("ab"), {"a"}) == (
        Affected(account="a", messages=1),
    )


def test_an_account_that_comes_frees_what_waited_for_it() -> None:
    assert queue_changes([mail("c")], table("ab"), table("abc"), set()) == (Freed(after="c", messages=1),)


def test_a_message_that_everybody_has_counts_nowhere() -> None:
    done = QueuedMail(facts=RoutingFacts(account="a", sender="", headers={}), recipients=())
    assert queue_changes([done], table("a"), table(""), set()) == ()
