"""What an earlier run of the daemon left about a file: the version that it accepted last. Pure.

Only what holds no secret is kept: a file has references to secrets, and one in which something looks like a secret
itself is not written down a second time. A version that this maild would not accept any more is as good as none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from maild.config.folder import FileKind
from maild.config.load import LoadedAccount, LoadedSite, load_account, load_site
from maild.daemon.assessment import Loaded
from maild.daemon.generation import Accepted, Generation
from maild.rules.mask import mask_text
from maild.rules.tokens import may_hold_token
from maild.secret import CommandRef
from maild.watch.snapshot import ReadFile, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version of a file as it is kept: its bytes, the hash that names them, when it was accepted, at which commit."""

    data: bytes = field(repr=False)
    digest: str
    accepted_at: datetime
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The version of a file that an earlier run accepted last; `loaded` None: it is what is on disk."""

    digest: str
    accepted_at: datetime
    loaded: Loaded | None
    commit: str | None = None


def earlier_versions(kept: Mapping[str, Kept], snapshot: Snapshot) -> dict[str, Earlier]:
    """The kept versions of the files that there are, parsed where they are not what is on disk."""
    found: dict[str, Earlier] = {}
    for name, one in kept.items():
        seen = snapshot.files.get(name)
        if seen is None:
            # It was removed while no daemon ran.
            continue
        if isinstance(seen, ReadFile) and seen.digest.hex() == one.digest:
            found[name] = Earlier(digest=one.digest, accepted_at=one.accepted_at, loaded=None, commit=one.commit)
            continue
        load = load_site if seen.source.kind is FileKind.SITE else load_account
        loaded = load(name, one.data)
        if not loaded.faults:
            found[name] = Earlier(digest=one.digest, accepted_at=one.accepted_at, loaded=loaded, commit=one.commit)
    return found


def to_keep(generation: Generation, name: str) -> Kept | None:
    """The version of an accepted file to write down; None when it is not accepted or holds something secret."""
    state, seen = generation.files.get(name), generation.snapshot.files.get(name)
    if not isinstance(state, Accepted) or not isinstance(seen, ReadFile) or seen.digest.hex() != state.content:
        return None
    judged = generation.assessment.judged.get(name)
    if (judged is None or judged.has_hidden) and not is_public(state.loaded):
        return None
    return Kept(data=seen.data, digest=state.content, accepted_at=state.since, commit=state.commit)


def is_public(loaded: Loaded) -> bool:
    """Whether nothing in a file looks like a secret. A command's arguments may be there, unless one looks like one."""
    masked = mask_text(loaded.text, loaded.document, loaded.faults)
    if masked.is_too_many:
        return False
    hidden = {text for texts in masked.hidden.values() for text in texts}
    return not hidden or (hidden <= _arguments(loaded) and not may_hold_token(loaded.text))


def _arguments(loaded: Loaded) -> frozenset[str]:
    match loaded:
        case LoadedAccount(account=account) if account is not None:
            proxy = account.transport.proxy
            login = None if proxy is None else proxy.login
            references = (account.password, None if login is None else login.password)
            return frozenset(word for one in references if isinstance(one, CommandRef) for word in one.argv[1:])
        case LoadedAccount() | LoadedSite():
            return frozenset()
        case _:
            assert_never(loaded)
