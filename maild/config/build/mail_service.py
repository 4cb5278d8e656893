"""What is wrong between the kind of a mail service and the keys beside it, which no schema says in one message."""

from typing import Final

from maild.config.build.reader import Reader
from maild.config.fault import MissingKey, MutuallyExclusive, Pointer
from maild.config.model import HttpKind
from maild.config.oauth_settings import OauthProvider

_KIND: Final = Pointer("/http/kind")
_KEYS: Final = {
    "region": (HttpKind.SES, HttpKind.MAILGUN),
    "domain": (HttpKind.MAILGUN,),
    "key_header": (HttpKind.RAW,),
    "envelope": (HttpKind.RAW,),
}
"""Which kinds a key of the section is for."""

_OF_COMPANY: Final = {HttpKind.GRAPH: OauthProvider.MICROSOFT, HttpKind.GMAIL: OauthProvider.GOOGLE}


def judge_service(reader: Reader) -> None:
    """Keys that the kind does not have, and tokens of which nobody knows what they should be good for."""
    kind = reader.choice(_KIND, HttpKind)
    if kind is None or kind is HttpKind.FORM:
        return
    written = [key for key in _KEYS if reader.value(f"/http/{key}") is not None]
    strange = [key for key in written if kind not in _KEYS[key]]
    if strange:
        # Several are of one kind, which is the wrong one; so they are one mistake.
        reader.faults.append(MutuallyExclusive(pointer=Pointer("/http"), keys=("kind", *strange)))
    provider = reader.choice("/oauth/provider", OauthProvider)
    is_known = provider in {None, OauthProvider.OTHER, _OF_COMPANY.get(kind)}
    if not is_known and reader.value("/oauth/scope") is None:
        reader.faults.append(MissingKey(pointer=Pointer("/oauth"), key="scope", because=_KIND))
