"""Opens a lane's session with its key, and tells the lane what comes of it afterwards. Shell code."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from maild.delivery.classify import Judgement, is_answer, judge_opening
from maild.delivery.door import Knock
from maild.delivery.lane import Lane
from maild.delivery.transports.transport import Order, Session
from maild.delivery.trouble import Trouble, TroubleKind
from maild.delivery.used_session import UsedSession
from maild.mail.address import Mailbox
from maild.mail.verdict import Delivered
from maild.net.keys import Key, Keys
from maild.net.step import NetError


async def open_session(lane: Lane, keys: Keys, knock: Knock) -> Session:
    """A session. A token may have been taken back before its time: then there is one more try, with the next one.

    Raises:
        NetError: it could not be opened.
    """
    key = knock.key = await keys.key_of(lane.account, lane.folder)
    try:
        return await _open_with(lane, key)
    except NetError as error:
        if key is None or judge_opening(error).kind is not TroubleKind.LOGIN:
            raise
        if not await keys.renew(lane.account, lane.folder, key):
            raise
        return await _open_with(lane, await keys.key_of(lane.account, lane.folder))


async def trip(trouble: Trouble, lane: Lane, keys: Keys, used: UsedSession | None) -> datetime | None:
    """Shut the lane for trouble in the middle of things, on that session; returns until when, None: it has another
    account by now.
    """
    account, key, lowerings = lane.account, None, None
    if used is not None:
        key, lowerings = used.key, used.lowerings
    trouble = await _relieved(trouble, lane, keys, key)
    return lane.trip(trouble, lowerings) if lane.account is account else None


def learn(lane: Lane, used: UsedSession, judgements: Mapping[Mailbox, Judgement]) -> None:
    """Tell the lane what this session's last transaction says about it."""
    if any(is_answer(one) for one in judgements.values()):
        lane.succeeded()
    elif not used.session.is_usable and all(one.trouble is None for one in judgements.values()):
        reason = next(one.verdict.reason for one in judgements.values() if not isinstance(one.verdict, Delivered))
        if (trouble := lane.gate.broke(reason)) is not None:
            lane.trip(trouble)


async def _relieved(trouble: Trouble, lane: Lane, keys: Keys, key: Key | None) -> Trouble:
    """Trouble in the middle of things; a refused token is no reason to wait for a person where there is a next one."""
    if trouble.kind is not TroubleKind.LOGIN or key is None:
        return trouble
    if not await keys.renew(lane.account, lane.folder, key):
        lane.refused_key = key
        return trouble
    lane.epoch += 1  # sessions with the old one send nothing more
    return replace(trouble, kind=TroubleKind.LINE)


async def _open_with(lane: Lane, key: Key | None) -> Session:
    password = None if key is None else key.secret
    return await lane.transport.open(Order(account=lane.account, folder=lane.folder, password=password))
