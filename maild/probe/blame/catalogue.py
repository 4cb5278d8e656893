"""The whole table in its order, and the look-up."""

from typing import Final

from maild.config.fault import Pointer
from maild.net.step import NetError
from maild.probe.blame.case import Blame, Scene, Target
from maild.probe.blame.compared import COMPARED
from maild.probe.blame.encryption import CERTIFICATE, HANDSHAKE, STARTTLS
from maild.probe.blame.login import LOGIN
from maild.probe.blame.message import ANYTHING, LOCAL, MESSAGE, REQUEST
from maild.probe.blame.proxy import PROXY
from maild.probe.blame.reach import CONNECT, GREETING, RESOLVE
from maild.probe.evidence import Evidence
from maild.probe.result import CertificateFacts

CASES: Final = (
    *PROXY,
    *LOCAL,
    *COMPARED,
    *RESOLVE,
    *CONNECT,
    *GREETING,
    *STARTTLS,
    *CERTIFICATE,
    *HANDSHAKE,
    *LOGIN,
    *MESSAGE,
    *REQUEST,
    *ANYTHING,
)
"""First match wins; the last one fits everything."""


def blame(
    error: NetError,
    target: Target,
    certificate: CertificateFacts | None = None,
    evidence: Evidence | None = None,
) -> Blame:
    """The likely cause of this error of a conversation with that target."""
    scene = Scene.of(error, target, certificate, evidence)
    case = next(case for case in CASES if case.fits(scene))
    words = scene.words()
    return Blame(
        finding=case.finding,
        owner=case.owner,
        cause=case.cause.format_map(words),
        fix=case.fix.format_map(words),
        pointers=_pointers(case.pointers, target),
    )


def _pointers(pointers: tuple[str, ...], target: Target) -> tuple[Pointer, ...]:
    if not target.is_http:
        return tuple(Pointer(pointer) for pointer in pointers)
    return tuple(dict.fromkeys(Pointer(one) for pointer in pointers for one in _of_http(pointer)))


def _of_http(pointer: str) -> tuple[str, ...]:
    """An HTTP account has all of a server in one value; a proxy and what is said of its certificate beside it."""
    if pointer.startswith("/smtp/proxy"):
        return (pointer.replace("/smtp", "/http", 1),)
    if pointer.startswith("/smtp/tls/") and pointer != "/smtp/tls/mode":
        return pointer.replace("/smtp", "/http", 1), "/http/url"
    return ("/http/url",) if pointer.startswith("/smtp/") else (pointer,)
