from hypothesis import given
from hypothesis import strategies as st

from maild.delivery.stated_limit import MOST, StatedLimit, stated_limit
from maild.spool.allowance import AllowanceKind
from tests.rows import each_row

DAY, MINUTE = AllowanceKind.PER_DAY, AllowanceKind.PER_MINUTE


@each_row(
    ("text", "kind", "value"),
    [
        ("5.7.1 you may send 500 messages per day", DAY, 500),
        ("Limit of 2,000 recipients in 24 hours reached", DAY, 2000),
        ("at most 100 mails a day, try again later", DAY, 100),
        ("daily sending limit (500) exceeded", DAY, 500),
        ("Daily message quota exceeded: 250", DAY, 250),
        ("max 30 messages/minute", MINUTE, 30),
        ("4.7.0 too fast: 20 emails per 1 min", MINUTE, 20),
        ("hourly limit is 600", MINUTE, 10),
        ("you are allowed 20 messages per hour", MINUTE, 1),
        ("600 per hour", MINUTE, 10),
    ],
)
def test_a_number_and_a_span_of_time_are_an_allowance(text: str, kind: AllowanceKind, value: int) -> None:
    assert stated_limit(text) == StatedLimit(kind=kind, value=value)


@each_row(
    "text",
    [
        "5.4.5 Daily user sending limit exceeded. For more information, visit https://example.com/answer/166852",
        "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
        "mailbox is full, 5000 messages",
        "0 messages per day",
        "99999999 messages per day",
        "1.2.3.4 has been blocked today",
        "",
    ],
)
def test_what_names_no_allowance_says_nothing(text: str) -> None:
    assert stated_limit(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_and_no_absurd_number_believed(text: str) -> None:
    found = stated_limit(text)
    assert found is None or 1 <= found.value <= MOST


def test_a_hostile_text_costs_no_quadratic_search() -> None:
    assert stated_limit("daily" + " a" * 50_000) is None
    assert stated_limit("1," * 50_000) is None
