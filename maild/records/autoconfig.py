"""The outgoing servers in a domain's autoconfig file, the XML that mail programs ask for (config-v1.1.xml). Pure.

It comes from a stranger's web server. Any document type declaration is refused, so there are no entities to expand and
nothing else to fetch; a file is not larger than `MAX_BYTES` and has no more servers than anybody has. What cannot be
read has no servers; what is left out here is asked of the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.parsers import expat

MAX_BYTES: Final = 64 * 1024
MAX_SERVERS: Final = 20
_MAX_TEXT: Final = 300

Mode = Literal["implicit", "starttls"]
_MODES: Final[Mapping[str, Mode]] = {"SSL": "implicit", "STARTTLS": "starttls"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoconfigServer:
    """One outgoing server that encrypts. `username` has its placeholders, such as %EMAILADDRESS%; empty: not said."""

    host: str
    port: int
    mode: Mode
    username: str = ""


class _RefusedError(Exception):
    """The file holds what it has no use for."""


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Gathers the texts below each `outgoingServer` of type smtp."""

    path: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    is_smtp: bool = False
    servers: list[AutoconfigServer] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        if name == "outgoingServer":
            self.texts, self.is_smtp = {}, attributes.get("type") == "smtp"

    def text(self, data: str) -> None:
        if len(self.path) > 1 and self.path[-2] == "outgoingServer":
            name = self.path[-1]
            self.texts[name] = (self.texts.get(name, "") + data)[:_MAX_TEXT]

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "outgoingServer" and self.is_smtp and len(self.servers) < MAX_SERVERS:
            server = _server({key: text.strip() for key, text in self.texts.items()})
            self.servers += () if server is None else (server,)


def parse_autoconfig(data: bytes) -> tuple[AutoconfigServer, ...]:
    """The servers in the order of the file, which is the domain's order of preference."""
    if len(data) > MAX_BYTES:
        return ()
    reader, parser = _Reader(), expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 -- the library's own way to say that this is all
    except (expat.ExpatError, ValueError, LookupError, _RefusedError):
        return ()
    return tuple(reader.servers)


def _refuse(name: str, system_id: str | None, public_id: str | None, has_internal_subset: bool) -> None:  # noqa: FBT001
    del name, system_id, public_id, has_internal_subset
    raise _RefusedError


def _server(texts: Mapping[str, str]) -> AutoconfigServer | None:
    mode, port = _MODES.get(texts.get("socketType", "")), texts.get("port", "")
    host = texts.get("hostname", "")
    if mode is None or not host or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535):
        return None
    return AutoconfigServer(host=host.lower(), port=int(port), mode=mode, username=texts.get("username", ""))
