"""Opens a lane's session with its key. Shell code."""

from dataclasses import replace

from maild.delivery.classify import judge_opening
from maild.delivery.lane import Lane
from maild.delivery.transports.transport import Order, Session
from maild.delivery.trouble import Trouble, TroubleKind
from maild.net.keys import Key, Keys
from maild.net.step import NetError


async def open_session(lane: Lane, keys: Keys, key: Key | None) -> Session:
    """A session. A token may have been taken back before its time: then there is one more try, with the next one.

    Raises:
        NetError: it could not be opened.
    """
    try:
        return await _open_with(lane, key)
    except NetError as error:
        if key is None or judge_opening(error).kind is not TroubleKind.LOGIN:
            raise
        if not await keys.renew(lane.account, lane.folder, key):
            raise
        return await _open_with(lane, await keys.key_of(lane.account, lane.folder))


async def relieved(trouble: Trouble, lane: Lane, keys: Keys, key: Key | None) -> Trouble:
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
