"""What was seen beside a failure: the same server on its other ports, unrelated servers, other name servers. Pure.

One failure has many possible causes; comparing tells which. A port on which three unrelated companies do not answer
either is blocked here; a server that alone is silent is down there.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class KnockResult(StrEnum):
    """What became of a connection that was only tried out."""

    OPEN = "open"
    CLOSED = "closed"
    """Refused: a machine is there and nothing listens."""
    SILENT = "silent"
    """Time-out, or no way."""
    NAMELESS = "nameless"
    """Its name could not be looked up, which says nothing about the way to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """One of them."""

    host: str
    port: int
    result: KnockResult


class Said(StrEnum):
    """What a name server says of a host."""

    KNOWS = "knows"
    DENIES = "denies"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Of one name server."""

    server: str
    said: Said


SUBMISSION_PORTS: Final = (465, 587, 25)
"""Those on which control targets are known to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen, around a failure at one port.

    Attributes:
        port: the one that failed.
        own: other ports of the same server.
        controls: unrelated servers.
        witnesses: of name servers, when the server's name could not be looked up.
    """

    port: int
    own: tuple[Knock, ...] = ()
    controls: tuple[Knock, ...] = ()
    witnesses: tuple[Witness, ...] = ()

    @property
    def knowing(self) -> tuple[str, ...]:
        """The name servers that know the host."""
        return self._servers(Said.KNOWS)

    @property
    def denying(self) -> tuple[str, ...]:
        """The name servers by which there is no such host."""
        return self._servers(Said.DENIES)

    def _servers(self, said: Said) -> tuple[str, ...]:
        return tuple(one.server for one in self.witnesses if one.said is said)

    @property
    def open_ports(self) -> tuple[int, ...]:
        """The server's other ports that answer."""
        return tuple(knock.port for knock in self.own if knock.result is KnockResult.OPEN)

    @property
    def is_network_down(self) -> bool:
        """Nobody at all answers, neither the server nor anybody else: even a refusal would be an answer."""
        told = [knock for knock in self.controls if knock.result is not KnockResult.NAMELESS]
        return bool(told) and all(knock.result is KnockResult.SILENT for knock in (*self.own, *told))

    @property
    def is_port_blocked(self) -> bool:
        """Nobody answers on this port, and somebody does on another."""
        told = [knock for knock in self.controls if knock.result is not KnockResult.NAMELESS]
        same = [knock for knock in told if knock.port == self.port]
        others = [knock for knock in (*self.own, *self.controls) if knock.port != self.port]
        return (
            len(same) > 1
            and all(knock.result is not KnockResult.OPEN for knock in same)
            and any(knock.result is KnockResult.OPEN for knock in others)
        )

    @property
    def is_server_down(self) -> bool:
        """Others answer, and on this port, too."""
        return not self.open_ports and any(
            knock.port == self.port and knock.result is KnockResult.OPEN for knock in self.controls
        )

    def __str__(self) -> str:
        parts: list[str] = []
        same = [knock for knock in self.controls if knock.port == self.port]
        if same:
            answering = sum(knock.result is KnockResult.OPEN for knock in same)
            parts.append(f"{answering} of {len(same)} unrelated hosts answer on port {self.port}")
        for knock in (*self.own, *(one for one in self.controls if one.port != self.port)):
            word = {
                KnockResult.OPEN: "answers",
                KnockResult.CLOSED: "refuses",
                KnockResult.SILENT: "is silent",
                KnockResult.NAMELESS: "could not be looked up",
            }
            parts.append(f"{knock.host} port {knock.port} {word[knock.result]}")
        words = {Said.KNOWS: "knows the host", Said.DENIES: "knows no such host", Said.NOTHING: "does not answer"}
        parts += [f"name server {one.server} {words[one.said]}" for one in self.witnesses]
        return "; ".join(parts)
