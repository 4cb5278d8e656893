"""How much of a mail address may be seen in log lines and on the status page. Pure.

Addresses also hide in free text: a server's refusal quotes the recipient it refused. So text is searched for them too,
generously: something that merely looks like an address loses its local part as well, which costs nobody anything.
"""

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, assert_never

from maild.config.model import Privacy
from maild.mail.address import Mailbox

# A local part as servers print it, quoted or not, and what follows the at sign up to a character no domain has.
# Every repetition is bounded, so that a hostile text cannot make the search quadratic.
_ADDRESS: Final = re.compile(r'("[^"\r\n]{1,64}"|[^\s<>@"\'(),;:\[\]]{1,128})@([^\s<>@"\'(),;]{1,255})')


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressVeil:
    """Shows addresses as far as the site's privacy setting allows.

    Attributes:
        privacy: full, domain (the local part becomes a star) or hashed.
        key: keys the hash, so that nobody can find an address by hashing a list of guesses; the same address has the
            same hash as long as the key is the same, which is what makes log lines comparable.
    """

    privacy: Privacy
    key: bytes = field(repr=False)

    def show(self, mailbox: Mailbox) -> str:
        """One address."""
        return self._show(mailbox.local, mailbox.domain)

    def show_text(self, text: str) -> str:
        """A text with every address in it treated alike."""
        if self.privacy is Privacy.FULL or "@" not in text:
            return text
        return _ADDRESS.sub(lambda found: self._show(found[1], found[2]), text)

    def _show(self, local: str, domain: str) -> str:
        match self.privacy:
            case Privacy.FULL:
                return f"{local}@{domain}"
            case Privacy.DOMAIN:
                return f"*@{domain}"
            case Privacy.HASHED:
                address = f"{local}@{domain.lower()}".encode("utf-8", "surrogatepass")
                return f"#{blake2b(address, key=self.key[:64], digest_size=6).hexdigest()}"
            case _:
                assert_never(self.privacy)
