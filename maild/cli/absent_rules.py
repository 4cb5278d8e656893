"""Codes that other catalogues have and maild has no rule for, each with the reason. Pure data.

Somebody who looks for one of them is told why it cannot be found here, and is not left to believe it forgotten.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ABSENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ML210": "no key has been replaced by another one yet",
        "ML211": "no key has been taken away yet",
        "ML212": "a file without `version` is right: there is only one version yet, and ML213 tells of any other",
        "ML312": "the name that a certificate must have is always the host; no key says otherwise",
        "ML403": "it would remind of 2-Step Verification in files that are right; ML402, `maild account init` and "
        "what is said of a refused login do",
        "ML431": "a file does not tell in which region of Mailgun a domain was made, so every file would be accused; "
        "what is said of a refused login names the other region's server",
        "ML608": "without `limits` maild keeps to the provider's own, so nothing is missing",
    }
)
"""By code; each reason ends a sentence that begins with "because"."""
