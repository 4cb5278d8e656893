"""The check `dkim`: whether the keys that sign this account's mail are in DNS and of use (RFC 6376, 8301, 8463). Pure.

Selectors cannot be listed; they are those of `dns.dkim_selectors`, else those that the provider gives everybody. Of the
latter one is enough, and none is a hint only: who has others may know better.
"""

from typing import Final

from maild.config.fault import Pointer
from maild.diagnostics import Diagnostic
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.figure import Figure
from maild.probe.findings import records as found
from maild.probe.result import CheckResult
from maild.providers import SigningKeys
from maild.records.dialogue import Absent, Dialogue, Found, Question, Reply, Silent
from maild.records.dkim import GOOD_BITS, SHORTEST_BITS, DkimKey, DkimKeyError, DkimRevoked, parse_dkim_key

NAME: Final = "dkim"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask for every selector and judge its key."""
    domain = scene.signing_domain or scene.domain
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"keys of {domain} are nothing that you could publish")
    usual = None if scene.provider is None else scene.provider.signing_keys
    selectors = scene.selectors or (() if usual is None else usual.selectors)
    if not selectors:
        return pass_over(NAME, "which selectors sign is not known; name them in `dns.dkim_selectors`")
    names = tuple(f"{selector}._domainkey.{domain}" for selector in selectors)
    replies = yield tuple(Question(name=name, rdtype="TXT") for name in names)
    pairs = tuple(zip(selectors, replies, strict=True))
    if not scene.selectors:
        # The usual ones: some are there, or the customer has others.
        pairs = tuple(pair for pair in pairs if not isinstance(pair[1], Absent))
        if not pairs and usual is not None:
            return conclude(NAME, f"none of the usual keys of {domain} was found", (_unusual(scene, domain, usual),))
    judged = [_judge(scene, domain, selector, reply) for selector, reply in pairs]
    good = [selector for (selector, _), (bits, _) in zip(pairs, judged, strict=True) if bits]
    is_told = not any(isinstance(reply, Silent) for _, reply in pairs)
    figures = tuple(
        Figure(name="dkim_key_bits", label=selector, value=bits)
        for (selector, reply), (bits, _) in zip(pairs, judged, strict=True)
        if not isinstance(reply, Silent)
    )
    summary = f"{domain} has the key {', '.join(good)}" if good else f"{domain} has no key that verifies"
    diagnostics = tuple(diagnostic for _, ones in judged for diagnostic in ones)
    return conclude(NAME, summary, diagnostics, is_told=is_told, figures=figures)


def _judge(scene: Scene, domain: str, selector: str, reply: Reply) -> tuple[int, tuple[Diagnostic, ...]]:
    """The bits of the key, 0 when there is none of use, and what is wrong."""
    name = f"{selector}._domainkey.{domain}"
    if isinstance(reply, Silent):
        return 0, (scene.silence(f"TXT of {name}: {reply.detail}"),)
    if not isinstance(reply, Found):
        return 0, (_missing(scene, selector, name),)
    if len(reply.values) > 1:
        return 0, (_broken(scene, name, f"there are {len(reply.values)} records, and verifiers take any of them"),)
    try:
        key = parse_dkim_key(reply.values[0])
    except DkimKeyError as error:
        return 0, (_broken(scene, name, error.problem),)
    if isinstance(key, DkimRevoked):
        return 0, (_revoked(scene, name),)
    return key.bits, tuple(_flaws(scene, name, key))


def _flaws(scene: Scene, name: str, key: DkimKey) -> list[Diagnostic]:
    flaws = []
    if key.kind == "rsa" and key.bits < SHORTEST_BITS:
        message = f"The key at {name} has {key.bits} bits: receivers take none below {SHORTEST_BITS}."
        flaws.append(scene.found(found.DKIM_KEY_TOO_SHORT, message, _renew(name)))
    elif key.kind == "rsa" and key.bits < GOOD_BITS:
        message = f"The key at {name} has {key.bits} bits; {GOOD_BITS} are what signers should have."
        flaws.append(scene.found(found.DKIM_KEY_WEAK, message, _renew(name)))
    if key.is_bare:
        message = f"The key at {name} is wrapped as PKCS #1, which some verifiers cannot read."
        help_ = f'Publish `{name}. TXT "v=DKIM1; k=rsa; p=<openssl rsa -pubout, without its first and last line>"`.'
        flaws.append(scene.found(found.DKIM_KEY_BROKEN, message, help_))
    if key.is_testing:
        message = (
            f"The key at {name} says that it is only tried out (t=y): receivers treat the mail like unsigned mail."
        )
        flaws.append(scene.found(found.DKIM_TESTING, message, f"Remove `t=y` from the TXT record of {name}."))
    return flaws


def _renew(name: str) -> str:
    return f"Make an RSA key of {GOOD_BITS} bits, publish it under a new selector as `{name}.` is, and sign with that."


def _missing(scene: Scene, selector: str, name: str) -> Diagnostic:
    return scene.found(
        found.DKIM_SELECTOR_MISSING,
        f"There is no key at {name}: signatures by the selector {selector} cannot be verified.",
        f'Publish `{name}. TXT "v=DKIM1; k=rsa; p=<public key>"`, or the CNAME that the provider shows for it; or '
        "correct `dns.dkim_selectors`.",
        at=scene.locate((Pointer("/dns/dkim_selectors"),)),
    )


def _unusual(scene: Scene, domain: str, usual: SigningKeys) -> Diagnostic:
    title = "The provider" if scene.provider is None else scene.provider.title
    return scene.found(
        found.DKIM_UNKNOWN,
        f"{title} usually signs by {' or '.join(usual.selectors)}, and {domain} has no key of that name.",
        f"Switch on DKIM for {domain} at {title} and publish the record that it shows; where the selector has another "
        "name, write it into the account: `dns: {dkim_selectors: [name]}`. The usual ones stand at "
        f"{usual.source.url}.",
    )


def _broken(scene: Scene, name: str, problem: str) -> Diagnostic:
    help_ = f'Publish `{name}. TXT "v=DKIM1; k=rsa; p=<public key>"`, in strings of 255 characters at the most.'
    return scene.found(found.DKIM_KEY_BROKEN, f"No verifier can use the key at {name}: {problem}.", help_)


def _revoked(scene: Scene, name: str) -> Diagnostic:
    help_ = "Sign by another selector, or publish the key again; take the selector out of `dns.dkim_selectors`."
    return scene.found(found.DKIM_REVOKED, f"The key at {name} was taken back (its `p` is empty).", help_)
