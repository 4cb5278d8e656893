import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from maild.config.resources import schema_text
from maild.mail.message import MAX_RECIPIENTS
from maild.mail.priority import Priority
from maild.mail.report_wish import Notify, ReportWish
from maild.spool.queue import AccountSender, NullSender, SenderChoice
from maild.spool.sidecar import (
    MAX_SIDECAR_BYTES,
    Sidecar,
    SidecarError,
    format_sidecar,
    is_account_name,
    parse_sidecar,
)
from tests.rows import each_row
from tests.spool.messages import ANNA, BERT, CARL

SCHEMA = Draft202012Validator(json.loads(schema_text("envelope")))
SENDERS: st.SearchStrategy[SenderChoice] = st.sampled_from([AccountSender(), NullSender(), ANNA, CARL])
SIDECARS = st.builds(
    Sidecar,
    sender=SENDERS,
    recipients=st.lists(st.sampled_from([ANNA, BERT, CARL]), unique=True).map(tuple),
    account=st.none() | st.text(min_size=1, max_size=50).filter(is_account_name),
    lifetime=st.none() | st.integers(1000, 365 * 86_400_000).map(lambda ms: timedelta(milliseconds=ms)),
    not_before=st.none() | st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    priority=st.none() | st.sampled_from(Priority),
    idempotency_key=st.none() | st.text(min_size=1, max_size=200).filter(str.isprintable),
    wish=st.builds(
        ReportWish,
        notify=st.none() | st.frozensets(st.sampled_from(Notify)),
        is_full=st.booleans(),
        envelope_id=st.none() | st.text("abc =+<>", min_size=1, max_size=100),
    ),
    requires_tls=st.booleans(),
    sha256=st.none() | st.text("0123456789abcdef", min_size=64, max_size=64),
)


@given(SIDECARS)
def test_what_is_written_is_read_and_keeps_to_the_schema(sidecar: Sidecar) -> None:
    data = format_sidecar(sidecar)

    SCHEMA.validate(json.loads(data))
    assert parse_sidecar(data) == sidecar


@each_row(
    ("data", "expected"),
    [
        (b"{}", Sidecar()),
        (b'{"version": 1, "sender": null, "recipients": null, "account": null}', Sidecar()),
        (b'{"sender": ""}', Sidecar(sender=NullSender())),
        (b'{"require_tls": true}', Sidecar(requires_tls=True)),
        (b'{"recipients": ["anna@example.org", "anna@Example.ORG"]}', Sidecar(recipients=(ANNA,))),
        (b'{"lifetime": "90m", "idempotency_key": null}', Sidecar(lifetime=timedelta(minutes=90))),
        (
            b'{"not_before": "2026-03-01T09:30:00.5+02:00"}',
            Sidecar(not_before=datetime(2026, 3, 1, 7, 30, 0, 500_000, tzinfo=UTC)),
        ),
        (
            b'{"notify": ["never"], "return": "full", "envelope_id": "x"}',
            Sidecar(wish=ReportWish(notify=frozenset(), is_full=True, envelope_id="x")),
        ),
        (
            b'{"notify": null, "return": "headers", "envelope_id": null, "lifetime": null, "not_before": null}',
            Sidecar(),
        ),
    ],
)
def test_everything_may_be_left_out(data: bytes, expected: Sidecar) -> None:
    assert parse_sidecar(data) == expected
    SCHEMA.validate(json.loads(data))


@each_row(
    ("data", "message"),
    [
        (b"", "the envelope file is no JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"[" * 100_000, "the envelope file is no JSON: "),
        (b"\xff", "the envelope file is no JSON: "),
        (b'{"sender": "", "sender": "a@b.example"}', "the key 'sender' stands in it twice"),
        (b"[]", "the envelope file holds no JSON object"),
        (b'{"to": []}', "the envelope file has a key that nothing reads: 'to'"),
        (b'{"version": 2}', "the envelope file's version is not 1"),
        (b'{"version": true}', "the envelope file's version is not 1"),
        (b'{"sender": 5}', "the envelope file's sender holds something that is no text"),
        (b'{"sender": "anna"}', "the envelope file's sender holds something that is no address"),
        (b'{"sender": "a\\r\\n@b.example"}', "the envelope file's sender holds something that is no address"),
        (b'{"recipients": []}', "the envelope file's recipients are no list of addresses"),
        (b'{"recipients": "a@b.example"}', "the envelope file's recipients are no list of addresses"),
        (b'{"recipients": [null]}', "the envelope file's recipients holds something that is no text"),
        (b'{"account": ""}', "the envelope file's account is no name of an account"),
        (b'{"account": "../x"}', "the envelope file's account is no name of an account"),
        (b'{"account": "a\\ud800"}', "the envelope file's account is no name of an account"),
        (b'{"lifetime": 5}', "the envelope file's lifetime is no duration from 1s to 365d"),
        (b'{"lifetime": "1ms"}', "the envelope file's lifetime is no duration from 1s to 365d"),
        (b'{"lifetime": "366d"}', "the envelope file's lifetime is no duration from 1s to 365d"),
        (b'{"priority": "soon"}', "the envelope file's priority is none of urgent, normal and bulk"),
        (b'{"priority": 1}', "the envelope file's priority is none of urgent, normal and bulk"),
        (b'{"not_before": 5}', "the envelope file's not_before is no instant with a time zone"),
        (b'{"not_before": "2026-03-01T08:00:00"}', "the envelope file's not_before is no instant with a time zone"),
        (b'{"not_before": "2026-13-01T08:00:00Z"}', "the envelope file's not_before is no instant with a time zone"),
        (b'{"not_before": "0001-01-01T08:00:00+09:00"}', "the envelope file's not_before is no instant with a time"),
        (b'{"idempotency_key": ""}', "the envelope file's idempotency_key is no text of 1 to 200 printable characters"),
        (b'{"idempotency_key": 7}', "the envelope file's idempotency_key is no text of 1 to 200 printable characters"),
        (b'{"notify": "never"}', "the envelope file's notify is no list of words"),
        (b'{"notify": [1]}', "the envelope file's notify is no list of words"),
        (b'{"notify": ["no"]}', "the envelope file's notify: 'no' is no occasion of a report"),
        (b'{"return": "nothing"}', "the envelope file's return is neither full nor headers"),
        (b'{"require_tls": "yes"}', "the envelope file's require_tls is neither true nor false"),
        (b'{"require_tls": 1}', "the envelope file's require_tls is neither true nor false"),
        (b'{"sha256": "abc"}', "the envelope file's sha256 is no SHA-256 in hexadecimal"),
        (b'{"sha256": 7}', "the envelope file's sha256 is no SHA-256 in hexadecimal"),
        (b'{"envelope_id": 1}', "the envelope file's envelope_id: an envelope id is 1 to 100 printable"),
        (b'{"account": 1}', "the envelope file's account is no name of an account"),
        (b" " * (MAX_SIDECAR_BYTES + 1), "the envelope file is larger than 1024 KiB"),
        (
            json.dumps({"recipients": ["a@b.example"] * (MAX_RECIPIENTS + 1)}).encode(),
            "the envelope file has more than 10000 recipients",
        ),
    ],
)
def test_what_cannot_be_understood_is_said(data: bytes, message: str) -> None:
    with pytest.raises(SidecarError) as caught:
        parse_sidecar(data)

    assert message in str(caught.value)


@given(st.binary())
def test_reading_never_fails_in_another_way(data: bytes) -> None:
    try:
        parse_sidecar(data)
    except SidecarError as error:
        assert str(error).isprintable()  # noqa: PT017 -- either way is right
