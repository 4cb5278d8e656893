from dataclasses import replace
from datetime import timedelta

from maild.cli.served import SWITCHED_OFF, Accounts, Closed, Limited
from maild.cli.why_text import prospect_lines, rejected_lines, why_lines
from maild.mail.note import Note, NoteCode
from maild.mail.phase import Phase
from maild.mail.verdict import Deferred, Fault, Verdict
from maild.spool import transition
from maild.spool.queue import MessageState, QueuedMessage, RecipientState
from tests.rows import each_row
from tests.spool.messages import ANNA, BERT, DEFERRED, DELIVERED, FAILED, NOW, UNCERTAIN, make_arrival, make_id

KNOWN = Accounts(is_served=True, is_known=True)
BILLING = Closed(detail="the login was refused", until="2026-03-01T13:00:00.000Z")
SHUT = replace(KNOWN, closed={"billing": BILLING, "shop": Closed(detail="no answer.", until=None)})
ALLOWED = "the 5 messages a minute that it may send are used up"
USED_UP = replace(
    KNOWN,
    limited={"billing": Limited(used_up=ALLOWED, until="2026-03-01T13:00:00.000Z")},
)
LATER = NOW + timedelta(hours=5)
ID = make_id(1)


def waiting(verdict: Verdict | None = None, **changes: object) -> QueuedMessage:
    message = transition.received(make_arrival(1, account="billing"))
    recipients = tuple(replace(one, verdict=verdict) for one in message.recipients)
    return replace(message, recipients=recipients, **changes)  # type: ignore[arg-type]  # whatever a test is about


def lines(message: QueuedMessage, accounts: Accounts = KNOWN) -> list[str]:
    return list(why_lines(message, accounts, LATER))


GIVEN_UP = (
    "0 attempts were used up. It is given up after 2026-03-06 12:00:00 UTC, but for the time that its account cannot "
    "send."
)
REFUSED = "the login was refused. It is tried again at 2026-03-01T13:00:00.000Z."
ACCOUNT = "it is about the account and not about the message, so it uses up no attempt"
RETRY = f"Try it now: maild queue retry {ID}"


def test_a_message_behind_a_closed_account_says_why_and_until_when() -> None:
    verdict = Deferred(fault=Fault.ACCOUNT, phase=Phase.AUTH, reason="the account cannot send")

    assert lines(waiting(verdict, changed_at=NOW), SHUT) == [
        f"{ID} waits, for 5h now.",
        f"It waits for account billing: {REFUSED}",
        GIVEN_UP,
        f"anna@example.org: waits; the account cannot send ({ACCOUNT})",
        RETRY,
    ]


@each_row(
    ("message", "accounts", "line"),
    [
        (waiting(), Accounts(is_served=False), "No daemon runs on this spool, so nothing is sent."),
        (
            waiting(next_at=LATER + timedelta(hours=2)),
            USED_UP,
            f"It waits for account billing: {ALLOWED}. The next message may go at 2026-03-01T13:00:00.000Z.",
        ),
        (
            waiting(account=None, pool="billing/3", next_at=LATER + timedelta(hours=2)),
            USED_UP,
            f"It waits for account billing: {ALLOWED}. The next message may go at 2026-03-01T13:00:00.000Z.",
        ),
        (
            waiting(changed_at=NOW, pool="", next_at=LATER + timedelta(hours=2)),
            USED_UP,
            "It is tried again in 2h, at 2026-03-01 19:00:00 UTC.",
        ),
        (
            waiting(account="shop", pool="shop"),
            SHUT,
            "It waits for account shop: no answer. It is being tried right now.",
        ),
        (
            waiting(),
            replace(KNOWN, closed={"billing": SWITCHED_OFF}),
            (
                "It waits for account billing: it is switched off by `enabled: false` in its file. "
                "It is sent once that is true again, or a route leads elsewhere."
            ),
        ),
        (
            waiting(next_at=LATER + timedelta(hours=1)),
            KNOWN,
            "It is not to be sent before 2026-03-01 18:00:00 UTC, as its envelope file wishes.",
        ),
        (
            waiting(DEFERRED, next_at=LATER + timedelta(minutes=15), changed_at=NOW),
            KNOWN,
            "It is tried again in 15m, at 2026-03-01 17:15:00 UTC.",
        ),
        (waiting(account=None), KNOWN, "It was not tried yet."),
        (
            waiting(changed_at=NOW),
            Accounts(is_served=None),
            "It is due, and waits for its turn: for a free connection, or for what its account may send in a time.",
        ),
    ],
)
def test_a_message_that_waits_says_for_what(message: QueuedMessage, accounts: Accounts, line: str) -> None:
    assert lines(message, accounts)[1] == line


@each_row(
    ("changes", "first", "last"),
    [
        ({"state": MessageState.SENDING}, "is being sent right now, since 4h.", None),
        (
            {"state": MessageState.HELD, "held_at": NOW},
            "is held, for 5h now; its lifetime stands still.",
            f"Let it go: maild queue release {ID}",
        ),
        ({"state": MessageState.SENT}, "was sent 4h ago, 1h after it had come.", None),
        (
            {"state": MessageState.FAILED},
            "failed 4h ago.",
            f"It is kept in failed/. When the reason is gone, maild queue import --failed {ID} sends it.",
        ),
        ({"state": MessageState.DELETED}, "was deleted 4h ago.", None),
    ],
)
def test_every_state_says_what_happened_and_what_to_do(
    changes: dict[str, object], first: str, last: str | None
) -> None:
    told = lines(waiting(None, changed_at=NOW + timedelta(hours=1), **changes))

    assert told[0] == f"{ID} {first}"
    assert told[1:] == ["anna@example.org: waits; it was not tried yet", *([] if last is None else [last])]


@each_row(
    ("state", "verdict", "words"),
    [
        (RecipientState.DELIVERED, DELIVERED, "delivered; the server took it: 250 2.0.0 queued as 4711"),
        (RecipientState.DELIVERED, None, "delivered"),
        (RecipientState.FAILED, FAILED, "failed; no such user (550 5.1.1 who?)"),
        (RecipientState.UNCERTAIN, UNCERTAIN, "uncertain; the connection was lost"),
        (RecipientState.WAITING, UNCERTAIN, "waits; the connection was lost (it is tried again)"),
        (
            RecipientState.WAITING,
            DEFERRED,
            "waits; greylisted (451 4.7.1 later) (it is about this recipient, so the attempt counts)",
        ),
        (
            RecipientState.WAITING,
            replace(DEFERRED, reason="the server does not accept the recipient for now"),
            (
                "waits; the server does not accept the recipient for now (451 4.7.1 later) "
                "(it is about this recipient, so the attempt counts; row recipient-later of `maild explain --replies`)"
            ),
        ),
    ],
)
def test_each_recipient_says_whose_fault_it_was(state: RecipientState, verdict: Verdict | None, words: str) -> None:
    message = waiting(state=MessageState.SENDING)
    one = replace(message.recipients[0], state=state, verdict=verdict, is_copy=True)
    note = Note(code=NoteCode.SIGNATURE_BROKEN, detail="a signature broke")

    assert lines(replace(message, recipients=(one,), notes=(note,)))[1:] == [
        f"anna@example.org (copy): {words}",
        "note: a signature broke",
    ]


@each_row(
    ("accounts", "told"),
    [
        (Accounts(is_served=False), ["No daemon runs on this spool: they are tried as soon as one does."]),
        (
            Accounts(is_served=None),
            ["The daemon does not answer here, so it is not known whether their accounts can send now."],
        ),
        (KNOWN, []),
        (
            SHUT,
            [
                f"2 of them wait for account billing: {REFUSED}",
                "1 of them waits for account shop: no answer. It is being tried right now.",
            ],
        ),
    ],
)
def test_what_is_due_now_is_not_said_to_be_tried_where_it_cannot_be(accounts: Accounts, told: list[str]) -> None:
    ways = {"billing": 2, "shop": 1, None: 1, "open": 1}

    assert list(prospect_lines(ways, accounts)) == told


def test_a_rejected_drop_is_explained_with_the_way_back() -> None:
    assert list(rejected_lines({"drop": "shop/a.eml", "detail": "the file is empty"})) == [
        "shop/a.eml was rejected: the file is empty.",
        "The file lies in rejected/, untouched. When it is mended there, this sends it:",
        "maild queue import --rejected a.eml",
    ]


def test_addresses_are_those_of_the_message() -> None:
    message = transition.received(make_arrival(1, recipients=(ANNA, BERT)))

    assert [line.partition(":")[0] for line in lines(message)[3:5]] == ["anna@example.org", "bert@example.org"]
