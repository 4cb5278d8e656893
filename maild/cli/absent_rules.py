"""Codes that other catalogues have and maild has no rule for, each with the reason. Pure data.

Somebody who looks for one of them is told why it cannot be found here, and is not left to believe it forgotten.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ABSENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ML120": "the merge key `<<` is no part of YAML 1.2, so it is an unknown key like any other (ML201)",
        "ML210": "no key has been replaced by another one yet",
        "ML312": "the name that a certificate must have is always the host; no key says otherwise",
        "ML403": "it would remind of 2-Step Verification in files that are right; where they are not, ML402 does",
        "ML431": "a file does not tell in which region of Mailgun a domain was made, so every file would be accused",
        "ML516": "every account has a sender: its `email`, its username or, with HTTP, its `reply_to` (ML202)",
        "ML608": "without `limits` maild keeps to the provider's own, so nothing is missing",
    }
)
"""By code; each reason ends a sentence that begins with "because"."""
