from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.net.oauth.token import Kept, Token, TokenFileError, format_kept, parse_kept
from maild.secret import Secret
from tests.rows import each_row

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TOKEN = Token(access=Secret("abc"), obtained_at=NOW, expires_at=NOW + timedelta(hours=1))

times = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- a zone is added
secrets = st.text().map(Secret)
tokens = st.builds(Token, access=secrets, obtained_at=times, expires_at=times)


@given(
    st.builds(
        Kept,
        digest=st.text(),
        token=st.none() | tokens,
        refresh=st.none() | secrets,
        login_id=st.text(),
    )
)
def test_what_is_kept_comes_back_as_it_was(kept: Kept) -> None:
    assert parse_kept(format_kept(kept)) == kept


@each_row(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"version": 2}',
        b"[" * 100_000,
        format_kept(Kept(digest="d", token=TOKEN)).replace(b"+00:00", b""),
        format_kept(Kept(digest="d", token=TOKEN)).replace(b"2026", b"x"),
    ],
)
def test_a_damaged_file_is_found_out(data: bytes) -> None:
    with pytest.raises(TokenFileError):
        parse_kept(data)


def test_a_token_is_renewed_when_a_fifth_of_its_life_is_left() -> None:
    assert TOKEN.renew_at == NOW + timedelta(minutes=48)


@each_row(("minutes", "is_usable"), [(0, True), (58, True), (59, False), (61, False), (-0.5, True), (-5, False)])
def test_a_token_is_used_till_its_last_minute_and_not_before_its_birth(minutes: float, is_usable: object) -> None:
    assert TOKEN.is_usable(NOW + timedelta(minutes=minutes)) is is_usable
