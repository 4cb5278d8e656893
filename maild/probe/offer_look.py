"""Compares what a server offers with what is remembered of it, and remembers. Shell: the file is read in a thread."""

import asyncio

from maild.config.model import SmtpSettings
from maild.config.probe_settings import OnDowngrade
from maild.probe.downgrade import Habit
from maild.probe.events import ServerChanged
from maild.probe.offer import Offer
from maild.probe.smtp_course import OfferLook
from maild.probe.subject import Subject


async def compare_offers(subject: Subject, settings: SmtpSettings, offer: Offer) -> OfferLook:
    """What changed; told once, and remembered as the site wants it."""
    if subject.offers is None or (offer.clear is None and offer.encrypted is None):
        return OfferLook(offer=offer)
    now, is_kept = subject.clock.now(), subject.settings.on_downgrade is OnDowngrade.HOLD
    is_verified = _is_verified(settings)

    def after(known: Habit | None) -> Habit:
        if known is None:
            return Habit.of(offer)
        changes = known.changes_to(offer, is_verified=is_verified)
        return known.after(offer, changes, now=now, is_kept=is_kept)

    recalled = await asyncio.to_thread(subject.offers.change, settings.host, settings.port, after)
    known = recalled.habit
    if known is None:
        return OfferLook(offer=offer, trouble=recalled.trouble)
    changes = known.changes_to(offer, is_verified=is_verified)
    is_weaker = any(one.is_weaker for one in changes)
    if changes and (known.weaker_since is None or not is_weaker):
        subject.emit(ServerChanged(account=subject.account.name, changes=changes, is_held=is_kept and is_weaker))
    return OfferLook(offer=offer, changes=changes, trouble=recalled.trouble)


async def is_held_back(subject: Subject, settings: SmtpSettings, offer: Offer) -> bool:
    """Whether the site wants nothing sent to a server that became as weak as this; to be asked before the login."""
    if subject.offers is None or subject.settings.on_downgrade is not OnDowngrade.HOLD:
        return False
    known = await asyncio.to_thread(subject.offers.recall, settings.host, settings.port)
    changes = () if known is None else known.changes_to(offer, is_verified=_is_verified(settings))
    return any(change.is_weaker for change in changes)


def _is_verified(settings: SmtpSettings) -> bool:
    return settings.tls.verify or bool(settings.tls.pins)
