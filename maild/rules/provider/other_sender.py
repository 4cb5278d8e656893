"""Mail from another address than the one that logs in, held against what the provider does with it. Pure.

A difference alone is no mistake, and the file does not tell what the provider's console says: where it may be right,
what is found is a note. Says nothing at providers whose treatment of other senders is not documented.
"""

from collections.abc import Iterator
from typing import Final

from maild.config.build.draft import address_of
from maild.config.fault import Pointer
from maild.diagnostics import Severity
from maild.mail.address import Mailbox
from maild.providers import Aspect, Provider, provider_of_address
from maild.rules.finding import AtValue, Because, Finding
from maild.rules.ports import logs_in
from maild.rules.provider.mechanism import USERNAME
from maild.rules.subject import Subject

_EMAIL: Final = Pointer("/email")


def other_sender(subject: Subject, rule: str) -> Iterator[Finding]:
    """A sender that the provider may not take from this login; of free addresses of other companies ML512 speaks."""
    provider, sender, login = subject.provider, subject.draft.email, address_of(subject.draft.username)
    facts = None if provider is None else provider.other_senders
    if provider is None or facts is None or provider.codes.get(Aspect.SENDER, "ML511") != rule:
        return
    if sender is None or login is None or not logs_in(subject) or _is_foreign(provider, sender):
        return
    if _same_domain(provider, sender, login) if facts.beyond == "domain" else _same(sender, login):
        return
    is_sure = not facts.has_exceptions or (_is_free(provider, login) and not _is_free(provider, sender))
    yield Finding(
        message=facts.fate,
        place=AtValue(pointer=_EMAIL),
        help=facts.advice,
        because=(Because(place=AtValue(pointer=USERNAME), message="logs in"),),
        severity=None if is_sure else Severity.INFO,
    )


def _same(sender: Mailbox, login: Mailbox) -> bool:
    return str(sender).lower() == str(login).lower()


def _same_domain(provider: Provider, sender: Mailbox, login: Mailbox) -> bool:
    # Of its own domains, such as yahoo.com and yahoo.de, a provider may keep two for one account.
    are_free = _is_free(provider, sender) and _is_free(provider, login)
    return are_free or sender.domain.lower() == login.domain.lower()


def _is_free(provider: Provider, mailbox: Mailbox) -> bool:
    return mailbox.domain.lower() in provider.mail_domains


def _is_foreign(provider: Provider, sender: Mailbox) -> bool:
    owner = provider_of_address(sender.domain)
    return owner is not None and owner is not provider and owner.id not in provider.also_serves
