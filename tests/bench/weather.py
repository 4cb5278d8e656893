"""Bad weather: the ways in which a mail server misbehaves, as settings of the scripted server that change all the time.

`smtp-sink` can refuse, drop, delay and hide extensions; this can as well, and besides: garbage, endless and unasked
lines, replies byte by byte, TLS that fails, hanging up before, in and after the end of a message.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from tests.fakes.smtp_server import CAPABILITIES, CHUNKING, STEPWISE, ScriptedReply, ScriptedSmtpServer

VERBS: Final = ("EHLO", "MAIL", "RCPT", "DATA", ".", "RSET", "NOOP", "QUIT")
GREETING: Final = "220 mail.test ESMTP"
BANNERS: Final[tuple[str | bytes | None, ...]] = (
    "421 4.3.2 too busy",
    "554 5.3.2 go away",
    "220-one\r\n220-two\r\n220 three",
    b"220 ends in no line",
    b"\x16\x03\x01\x02\x00\x01\x00\xff\xfe\r\n",
    b"220 " + b"x" * 100_000 + b"\r\n",
    b"220-for ever\r\n" * 5000,
    b"\r\n\r\n",
    None,
)
REPLIES: Final[tuple[str | bytes, ...]] = (
    "421 4.7.0 closing",
    "432 4.3.2 too many connections",
    "450 4.2.0 not now",
    "451 4.3.0 local trouble",
    "452 4.5.3 too many recipients",
    "454 4.7.0 throttled",
    "550 5.7.1 I do not like you",
    "554 5.5.0 no",
    "999 what",
    "250",
    "2",
    b"250-half a reply\r\n",
    b"250 no line end",
    b"\xff\xfe\x00\r\n",
    b"250 one\r\n250 two\r\n550 three\r\n",
    b"354 go\r\n250 ok\r\n",
    b"250 " + b"y" * 50_000 + b"\r\n",
)


def make_fair(server: ScriptedSmtpServer) -> None:
    """As a good server is."""
    server.banner, server.banner_delay_s, server.drip_s = GREETING, 0.0, None
    server.capabilities = CAPABILITIES
    server.replies, server.drop_at, server.silent_at = {}, frozenset(), frozenset()
    server.stops_reading_after, server.hangs_up_in_data, server.refuses_in_data = None, False, None
    server.after_data_command, server.after_starttls = b"", b""
    server.wants_data_for_nobody = False


def make_foul(server: ScriptedSmtpServer, random: Random) -> str:
    """One way of misbehaving; returns its name."""
    make_fair(server)
    server.capabilities = random.choice((CAPABILITIES, STEPWISE, CHUNKING, ("SIZE 100000", *STEPWISE[1:]), ()))
    name = random.choice(tuple(_FOUL))
    _FOUL[name](server, random)
    return name


def _bad_banner(server: ScriptedSmtpServer, random: Random) -> None:
    server.banner = random.choice(BANNERS)


def _late_banner(server: ScriptedSmtpServer, random: Random) -> None:
    server.banner_delay_s = random.uniform(0.5, 10)


def _hangs_up(server: ScriptedSmtpServer, random: Random) -> None:
    server.drop_at = frozenset(random.sample(VERBS, 2))


def _hangs_up_at_the_dot(server: ScriptedSmtpServer, random: Random) -> None:
    """Sometimes after it took the message."""
    server.drop_at = frozenset({"."}) if random.random() < 0.5 else frozenset()
    server.replies = {".": lambda _: random.choice((None, b"", b"25", "421 4.0.0 bye"))}


def _silent(server: ScriptedSmtpServer, random: Random) -> None:
    server.silent_at = frozenset({random.choice(VERBS)})


def _slow(server: ScriptedSmtpServer, random: Random) -> None:
    server.drip_s = random.choice((0.01, 0.1, 0.5))


def _stops_reading(server: ScriptedSmtpServer, random: Random) -> None:
    server.stops_reading_after = random.choice((1, 2000, 200_000))
    server.hangs_up_in_data = random.random() < 0.7
    server.refuses_in_data = random.choice((None, "552 5.3.4 too much", "421 4.3.0 bye"))


def _talks_out_of_turn(server: ScriptedSmtpServer, random: Random) -> None:
    server.after_data_command = random.choice((b"250 2.0.0 already taken\r\n", b"\r\n", b"421 bye\r\n"))
    server.after_starttls = b"250 injected\r\n"
    server.wants_data_for_nobody = True


def _odd_replies(server: ScriptedSmtpServer, random: Random) -> None:
    server.replies = _sometimes(random, 0.3)


def _mostly_refuses(server: ScriptedSmtpServer, random: Random) -> None:
    server.replies = _sometimes(random, 0.9)


def _sometimes(random: Random, odds: float) -> Mapping[str, ScriptedReply]:
    def reply(_: str) -> str | bytes | None:
        return random.choice(REPLIES) if random.random() < odds else None

    return dict.fromkeys(("EHLO", "MAIL", "RCPT", "DATA", ".", "STARTTLS", "RSET"), reply)


_FOUL: Final[Mapping[str, Callable[[ScriptedSmtpServer, Random], None]]] = {
    "bad banner": _bad_banner,
    "late banner": _late_banner,
    "hangs up": _hangs_up,
    "hangs up at the dot": _hangs_up_at_the_dot,
    "silent": _silent,
    "slow": _slow,
    "stops reading": _stops_reading,
    "talks out of turn": _talks_out_of_turn,
    "odd replies": _odd_replies,
    "mostly refuses": _mostly_refuses,
    "fair": lambda server, _: make_fair(server),
}
