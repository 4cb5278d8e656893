from datetime import timedelta

from maild.observe.page.desk import Deed, Seals, Waiting, is_of_our_page, wish_of
from maild.observe.page.messages import MessageView, message_views
from maild.spool.queue import QueueId
from tests.observe.values import NOON
from tests.rows import each_row

ID = QueueId("01JD0000000000000000000000")


@each_row(
    ("word", "wish"),
    [
        (f"hold {ID}", (Deed.HOLD, ID)),
        ("reload", (Deed.RELOAD, "")),
        ("reload x", None),
        ("hold", None),
        ("hold ", None),
        ("burn it", None),
        ("", None),
    ],
)
def test_a_button_says_the_deed_and_the_message(word: str, wish: tuple[Deed, str] | None) -> None:
    assert wish_of(word) == wish


@each_row(
    ("headers", "is_ours"),
    [
        ({"Origin": "http://localhost:9725", "Host": "LOCALHOST:9725"}, True),
        ({"Origin": "https://m.example", "Host": "m.example", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://localhost:9725", "Host": "localhost:9725", "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://localhost:8080", "Host": "localhost:9725"}, False),
        ({"Origin": "null", "Host": "localhost:9725"}, False),
        ({"Host": "localhost:9725"}, False),
        ({"Origin": "http://"}, True),
        ({}, False),
    ],
)
def test_a_request_is_of_our_page_when_the_browser_says_so(headers: dict[str, str], *, is_ours: bool) -> None:
    assert is_of_our_page(headers) is is_ours


def test_a_seal_is_good_for_half_a_day_and_nobody_else_can_make_one() -> None:
    seals = Seals(b"k" * 32)
    seal = seals.make(NOON)

    assert seals.is_good(seal, NOON)
    assert seals.is_good(seal, NOON + timedelta(hours=12))
    assert not seals.is_good(seal, NOON + timedelta(hours=12, seconds=1))
    assert not seals.is_good(seal, NOON - timedelta(seconds=1)), "it is of the future"
    assert not Seals(b"l" * 32).is_good(seal, NOON)
    for forged in ("", ".", "12", f"{seal}0", f"9{seal}", "\u0661.ab", "1" * 13 + ".ab", "1.\udc80"):
        assert not seals.is_good(forged, NOON), forged


def waiting(**more: object) -> Waiting:
    values: dict[str, object] = {
        "id": ID,
        "received_at": NOON - timedelta(hours=3),
        "account": "billing",
        "recipients": 2,
        "detail": "452 bob@example.com is full",
        "next_at": NOON + timedelta(minutes=5),
    }
    return Waiting(**{**values, **more})  # type: ignore[arg-type]


def test_a_message_says_why_it_waits_and_what_can_be_done() -> None:
    rows = (waiting(), waiting(next_at=None, account=None, recipients=1), waiting(next_at=NOON))

    assert message_views(rows, NOON, lambda text: text.replace("bob@", "*@")) == (
        MessageView(
            id=ID,
            words="came 3 h ago, for 2 recipients, by billing; next try in 5 min",
            detail="452 *@example.com is full",
            deeds=("retry", "hold"),
        ),
        MessageView(
            id=ID, words="came 3 h ago, for 1 recipient; held", detail="452 *@example.com is full", deeds=("release",)
        ),
        MessageView(
            id=ID,
            words="came 3 h ago, for 2 recipients, by billing; due",
            detail="452 *@example.com is full",
            deeds=("retry", "hold"),
        ),
    )
