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
        "ML224": "no file includes another one",
        "ML225": "no pattern names files: every account file in the folder counts, whether it ends with .yaml or .yml",
        "ML312": "the name that a certificate must have is always the host; no key says otherwise",
        "ML403": "it would remind of 2-Step Verification in files that are right; ML402, `maild account init` and "
        "what is said of a refused login do",
        "ML431": "a file does not tell in which region of Mailgun a domain was made, so every file would be accused; "
        "what is said of a refused login names the other region's server",
        "ML608": "without `limits` maild keeps to the provider's own, so nothing is missing",
        "ML704": "no probe sends a message without an address to send it to",
        "ML705": "whether port 25 is blocked shows in the probe itself, which compares other ports and other servers",
        "ML706": "a resolver that is no address is text that cannot stand there, and ML226 says so",
        "ML708": "no label of a metric holds an address or a text of a message, and no setting could make one of it",
    }
)
"""By code; each reason ends a sentence that begins with "because"."""
