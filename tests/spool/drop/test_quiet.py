from maild.spool.drop.quiet import Look, wait_to_reject_ns, wait_to_take_ns
from tests.rows import each_row

SECOND = 1_000_000_000
MS = 1_000_000
NOW = 1_700_000_000 * SECOND


def look(
    age_ms: int,
    *,
    is_closed: bool | None = True,
    is_placed: bool = False,
    is_complete: bool = False,
    seen_ms: int = 0,
) -> Look:
    ctime_ns = NOW - age_ms * MS
    return Look(
        mtime_ns=ctime_ns - is_placed * SECOND,
        ctime_ns=ctime_ns,
        is_closed=is_closed,
        is_complete=is_complete,
        unchanged_since_ns=NOW - seen_ms * MS,
    )


@each_row(
    ("seen", "wait_ms"),
    [
        # Being written: look again soon, however old.
        (look(60_000, is_closed=False), 250),
        (look(60_000, is_closed=False, is_complete=True, is_placed=True), 250),
        # Known to be complete.
        (look(0, is_complete=True), 0),
        (look(0, is_complete=True, is_closed=None), 0),
        # Put in place after it was written.
        (look(0, is_placed=True), 0),
        (look(0, is_placed=True, is_closed=None), 300),
        (look(299, is_placed=True, is_closed=None), 1),
        (look(300, is_placed=True, is_closed=None), 0),
        # Written last, closed.
        (look(0), 1000),
        (look(400), 600),
        (look(1000), 0),
        # Nobody knows.
        (look(0, is_closed=None), 2000),
        (look(2000, is_closed=None), 0),
        # A clock of the file system that is ahead: what counts is how long we saw it.
        (look(-60_000), 1000),
        (look(-60_000, seen_ms=400), 600),
        (look(-60_000, seen_ms=1000), 0),
    ],
)
def test_a_drop_is_taken_when_nobody_can_be_writing_it(seen: Look, wait_ms: int) -> None:
    assert wait_to_take_ns(seen, now_ns=NOW) == wait_ms * MS


@each_row(
    ("seen", "wait_ms"),
    [
        (look(0), 2000),
        (look(0, is_complete=True), 2000),
        (look(0, is_placed=True), 2000),
        (look(1500, is_closed=None), 500),
        (look(2000), 0),
        (look(60_000, is_closed=False), 250),
    ],
)
def test_a_drop_is_refused_only_after_it_was_quiet_for_long(seen: Look, wait_ms: int) -> None:
    assert wait_to_reject_ns(seen, now_ns=NOW) == wait_ms * MS
