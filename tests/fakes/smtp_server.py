"""A scripted SMTP server on loopback that behaves, or misbehaves, exactly as told.

    async with ScriptedSmtpServer(tls="starttls", certificate=certificates().good, users={"me": "secret"}) as server:
        ...  # connect to server.host, server.port
        assert server.transactions == [...]

For a peer that behaves well by somebody else's reading of the RFCs there is aiosmtpd.
"""

import asyncio
import base64
import contextlib
import hashlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Final, Literal, NoReturn, Self, TypeAlias

from tests.fakes.certificates import ServerCertificate
from tests.fakes.sasl_server import SaslRefusedError, SaslServer

if TYPE_CHECKING:
    import ssl

CAPABILITIES: Final = ("PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
STEPWISE: Final = tuple(name for name in CAPABILITIES if name != "PIPELINING")
CHUNKING: Final = (*CAPABILITIES, "CHUNKING")
MECHANISMS: Final = ("PLAIN", "LOGIN")
_TURNS_TO_CLOSE: Final = 20

STREAM_LIMIT: Final = 1 << 20
"""The longest line that a message may have; asyncio reads ahead twice as much."""

USUAL_REPLIES: Final = {
    "HELO": "250 mail.test",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "RSET": "250 2.0.0 ok",
    "NOOP": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}

ScriptedReply: TypeAlias = str | bytes | Callable[[str], "str | bytes | None"]
"""What to answer, without the line end; a function gets the command line, and None means: as usual. Bytes go out as
they are, line ends and all.
"""


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """A message that was taken: the paths as written between the brackets, the content without dot-stuffing."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    user: str | None = None
    mail_parameters: tuple[str, ...] = ()
    is_encrypted: bool = False


@dataclass(kw_only=True)
class ScriptedSmtpServer:
    """Switches first, records after them.

    A verb in `replies`, `drop_at`, `silent_at` is EHLO, MAIL, RCPT, DATA, AUTH, STARTTLS, RSET, QUIT ..., "." for the
    end of a message, by DATA or by BDAT, "RESPONSE" for the client's part of a login. `drop_at` and `silent_at` mean:
    instead of a reply. Commands may come together (RFC 2920); BDAT is understood where CHUNKING is in `capabilities`.
    """

    tls: Literal["none", "starttls", "implicit"] = "none"
    certificate: ServerCertificate | None = None
    banner: str | bytes | None = "220 mail.test ESMTP"
    banner_delay_s: float = 0.0
    capabilities: tuple[str, ...] = CAPABILITIES
    capabilities_after_tls: tuple[str, ...] | None = None
    users: Mapping[str, str] = field(default_factory=dict)
    mechanisms: tuple[str, ...] = MECHANISMS
    offers_auth_in_clear: bool = True
    replies: Mapping[str, ScriptedReply] = field(default_factory=dict)
    drop_at: frozenset[str] = frozenset()
    silent_at: frozenset[str] = frozenset()
    accepts: int | None = None
    """How many connections are served; later ones are closed at once."""
    drip_s: float | None = None
    """Seconds between the bytes of every answer."""
    stops_reading_after: int | None = None
    """Read only that many bytes of a message's data; then close, or say `refuses_in_data` or nothing and wait."""
    hangs_up_in_data: bool = False
    refuses_in_data: str | None = None
    after_data_command: bytes = b""
    """Bytes sent right behind the 354, in the same segment."""
    lies_in_scram: bool = False
    has_hidden_binding: bool = False
    """It knows SCRAM-…-PLUS, and somebody took that out of its offer."""
    wants_data_for_nobody: bool = False
    """Say 354 although no recipient was accepted, as RFC 2920 §3.1 warns."""
    after_starttls: bytes = b""
    """Bytes sent in clear right behind the go-ahead for TLS, in the same segment."""

    transactions: list[Transaction] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """Every line of every client in order, logins decoded to "(response)"."""
    logins: list[tuple[str, bool]] = field(default_factory=list)
    """Mechanism and whether it was let in, one entry for each AUTH command."""
    connections: int = 0
    open_connections: int = 0
    host: str = "127.0.0.1"
    port: int = 0

    async def __aenter__(self) -> Self:
        context = self.certificate.context() if self.tls == "implicit" and self.certificate else None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Event()
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=context, limit=STREAM_LIMIT)
        self.port = self._server.sockets[0].getsockname()[1]
        if self.stops_reading_after is not None:  # or the kernel would take megabytes more
            self._server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # A connection whose handshake failed has no task; asyncio closes its socket some turns of the loop later.
        for _ in range(_TURNS_TO_CLOSE):
            await asyncio.sleep(0)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait, half a minute at most, until something is so: `await server.until(lambda: server.transactions)`."""
        async with asyncio.timeout(30):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def hang_up(self) -> None:
        """Close every connection there is."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.sleep(0)

    def say_to_all(self, data: bytes) -> None:
        """Send bytes to every client, asked or not."""
        for writer in tuple(self._writers):
            writer.write(data)

    def changed(self) -> None:
        """Whoever waits looks again."""
        self._changed.set()

    def verbs(self) -> list[str]:
        """The verbs of `commands`."""
        return [command.split(" ")[0].upper() for command in self.commands]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open_connections += 1
        self._writers.add(writer)
        conversation = _Conversation(self, reader, writer)
        try:
            if self.accepts is None or self.connections <= self.accepts:
                await conversation.run()
        except (OSError, EOFError, _DropError, asyncio.CancelledError):
            pass  # cancelled too: asyncio's server would log it as an error
        finally:
            self.open_connections -= 1
            self._tasks.discard(task)
            self._writers.discard(writer)
            with contextlib.suppress(Exception):
                writer.transport.abort()
            self.changed()


class _DropError(Exception):
    """Close this connection now."""


class _Conversation:
    """One client."""

    def __init__(self, server: ScriptedSmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.script = server
        self.reader = reader
        self.writer = writer
        self.is_encrypted = server.tls == "implicit"
        self.user: str | None = None
        self.has_quit = False
        self._reset()

    def _reset(self) -> None:
        self.sender: str | None = None
        self.parameters: tuple[str, ...] = ()
        self.recipients: list[str] = []
        self.chunks = b""

    async def run(self) -> None:
        script = self.script
        if script.banner is None:
            await self._be_silent()
        await asyncio.sleep(script.banner_delay_s)
        await self._say(script.banner or b"")
        while not self.has_quit:
            line = await self.reader.readline()
            if not line.endswith(b"\n"):
                return
            text = line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")
            self._heard(text)
            verb, _, rest = text.partition(" ")
            await self._answer(verb.upper(), rest, text)

    def _heard(self, command: str) -> None:
        self.script.commands.append(command)
        self.script.changed()

    async def _answer(self, verb: str, rest: str, line: str) -> None:
        scripted = await self._scripted(verb, line)
        if scripted is not None and not _is_positive(scripted):
            if verb == "BDAT":
                await self.reader.readexactly(int(rest.split(maxsplit=1)[0]))
            await self._say(scripted)
            return
        match verb:
            case "STARTTLS":
                await self._start_tls(scripted)
            case "AUTH":
                await self._log_in(rest, scripted)
            case "DATA":
                await self._take_data(scripted)
            case "BDAT" if "CHUNKING" in self.script.capabilities:
                await self._take_chunk(rest.split())
            case "RCPT" | "MAIL" if (problem := self._out_of_order(verb)) is not None:
                await self._say(problem)
            case _:
                self._note(verb, rest)
                usual = (
                    "\r\n".join(self._ehlo_lines()) if verb == "EHLO" else USUAL_REPLIES.get(verb, "502 5.5.2 what?")
                )
                await self._say(usual if scripted is None else scripted)

    def _out_of_order(self, verb: str) -> str | None:
        if verb == "MAIL" and self.sender is not None:
            return "503 5.5.1 one at a time"
        return "503 5.5.1 MAIL first" if verb == "RCPT" and self.sender is None else None

    def _note(self, verb: str, rest: str) -> None:
        match verb:
            case "MAIL":
                path, *parameters = rest.partition(":")[2].strip().split(" ")
                self.sender, self.parameters = path.strip("<>"), tuple(parameters)
            case "RCPT":
                self.recipients.append(rest.partition(":")[2].strip().split(" ")[0].strip("<>"))
            case "RSET":
                self._reset()
            case "QUIT":
                self.has_quit = True
            case _:
                pass

    async def _scripted(self, verb: str, line: str) -> str | bytes | None:
        """What the script says to this verb; drops or is silent where it says so."""
        if verb in self.script.drop_at:
            raise _DropError
        if verb in self.script.silent_at:
            await self._be_silent()
        reply = self.script.replies.get(verb)
        return reply(line) if callable(reply) else reply

    def _ehlo_lines(self) -> list[str]:
        script = self.script
        keywords = list(script.capabilities)
        if self.is_encrypted and script.capabilities_after_tls is not None:
            keywords = list(script.capabilities_after_tls)
        if script.tls == "starttls" and not self.is_encrypted:
            keywords.append("STARTTLS")
        if script.users and (self.is_encrypted or script.offers_auth_in_clear):
            keywords.append("AUTH " + " ".join(script.mechanisms))
        lines = ["mail.test at your service", *keywords]
        return [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]

    async def _start_tls(self, scripted: str | bytes | None) -> None:
        assert self.script.certificate is not None
        await self._say(b"220 2.0.0 go ahead\r\n" + self.script.after_starttls if scripted is None else scripted)
        await self.writer.start_tls(self.script.certificate.context())
        self.is_encrypted = True

    async def _log_in(self, rest: str, scripted: str | bytes | None) -> None:
        mechanism, _, initial = rest.partition(" ")
        self.script.commands[-1] = f"AUTH {mechanism}" + (" (response)" if initial else "")
        if scripted is not None:
            await self._say(scripted)
            return
        sasl = self._sasl_server()
        response = None if not initial else b"" if initial == "=" else base64.b64decode(initial)
        try:
            self.user = await sasl.authenticate(mechanism.upper(), response, self._ask)
        except (SaslRefusedError, ValueError):
            self.script.logins.append((mechanism.upper(), False))
            await self._say("535 5.7.8 authentication failed")
        else:
            self.script.logins.append((mechanism.upper(), True))
            await self._say("235 2.7.0 welcome")

    def _sasl_server(self) -> SaslServer:
        found: ssl.SSLObject | None = self.writer.get_extra_info("ssl_object")
        bindings: dict[str, bytes] = {}
        if found is not None and self.script.certificate is not None:
            bindings["tls-server-end-point"] = hashlib.sha256(self.script.certificate.der).digest()
            unique = found.get_channel_binding("tls-unique")
            if found.version() == "TLSv1.2" and unique is not None:
                bindings["tls-unique"] = unique
        return SaslServer(
            users=self.script.users,
            lies=self.script.lies_in_scram,
            bindings=bindings,
            offers_binding=self.script.has_hidden_binding or any("PLUS" in one for one in self.script.mechanisms),
            has_client_certificate=found is not None and found.getpeercert(binary_form=True) is not None,
        )

    async def _ask(self, challenge: bytes) -> bytes:
        await self._say(b"334 " + base64.b64encode(challenge) + b"\r\n")
        line = (await self.reader.readline()).rstrip(b"\r\n")
        self._heard("(response)")
        scripted = await self._scripted("RESPONSE", line.decode())
        if scripted is not None:
            await self._say(scripted)
            raise _DropError
        if line == b"*":
            raise SaslRefusedError
        return base64.b64decode(line)

    async def _take_data(self, scripted: str | bytes | None) -> None:
        if scripted is None and not self.recipients and not self.script.wants_data_for_nobody:
            await self._say("554 5.5.1 no valid recipients")
            return
        await self._say(b"354 go ahead\r\n" + self.script.after_data_command if scripted is None else scripted)
        data = await self._read_data()
        self._heard(".")
        await self._end(data)

    async def _take_chunk(self, words: list[str]) -> None:
        if self.script.stops_reading_after is not None:
            await self._stop_reading(self.script.stops_reading_after)
        self.chunks += await self.reader.readexactly(int(words[0]))
        if not self.recipients:
            await self._say("503 5.5.1 no valid recipients")
        elif words[1:] == ["LAST"]:
            await self._end(self.chunks)
        else:
            await self._say("250 2.0.0 more")

    async def _end(self, data: bytes) -> None:
        reply = await self._scripted(".", ".")
        if not self.recipients:
            self._reset()
            await self._say("554 5.5.1 no valid recipients")
            return
        if reply is None or _is_positive(reply):
            assert self.sender is not None
            taken = Transaction(
                sender=self.sender,
                recipients=tuple(self.recipients),
                data=data,
                user=self.user,
                mail_parameters=self.parameters,
                is_encrypted=self.is_encrypted,
            )
            self.script.transactions.append(taken)
            self.script.changed()
        self._reset()
        await self._say("250 2.0.0 taken" if reply is None else reply)

    async def _read_data(self) -> bytes:
        if self.script.stops_reading_after is not None:
            await self._stop_reading(self.script.stops_reading_after)
        lines: list[bytes] = []
        while (line := await self.reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def _stop_reading(self, size: int) -> NoReturn:
        await self.reader.readexactly(size)
        if self.script.hangs_up_in_data:
            raise _DropError
        if self.script.refuses_in_data is not None:
            await self._say(self.script.refuses_in_data)
        await asyncio.Event().wait()  # until this server is closed
        raise _DropError

    async def _say(self, text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode() + b"\r\n"
        drip_s = self.script.drip_s
        if drip_s is None:
            self.writer.write(data)
            await self.writer.drain()
            return
        for byte in data:
            self.writer.write(bytes([byte]))
            await self.writer.drain()
            await asyncio.sleep(drip_s)

    async def _be_silent(self) -> None:
        """Until the client goes away."""
        while await self.reader.read(65536):
            pass
        raise _DropError


def _is_positive(reply: str | bytes) -> bool:
    return reply[:1] in {"2", "3", b"2", b"3"}
