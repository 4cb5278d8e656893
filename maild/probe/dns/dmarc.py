"""The check `dmarc`: what receivers are asked to do with unproved mail of the sender's domain (RFC 9989). Pure.

Reads the records as receivers of RFC 9989 do and as older ones do, and says where that differs. With a policy that
refuses mail it asks whether what this account sends could pass: by SPF, for the envelope has the sender's domain, or by
a key that is known. Both are judged by their own checks; here only whether there is any way at all.
"""

from typing import Final

from maild.diagnostics import Diagnostic
from maild.probe.dns import dkim, spf
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import records as found
from maild.probe.result import CheckResult, CheckVerdict
from maild.records.dialogue import Dialogue, Found, Question, Silent
from maild.records.dmarc import DmarcFindings, DmarcPolicy, Reading, find_dmarc, is_aligned, select_dmarc

NAME: Final = "dmarc"
MAX_REPORTS: Final = 5


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Find the records and judge them, then whether this account's mail could pass."""
    domain = scene.domain
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"DMARC of {domain} is nothing that you could publish")
    seen = yield from find_dmarc(domain, scene.registrable)
    diagnostics = [_flaw(scene, flaw.domain, flaw.problem) for flaw in seen.flaws]
    diagnostics += [] if seen.silent is None else [scene.silence(seen.silent)]
    if seen.new.record is None and not seen.flaws and seen.silent is None:
        diagnostics.append(_missing(scene, seen))
    if seen.silent is None and _differs(seen.new, seen.old):
        diagnostics.append(_differently(scene, seen))
    if seen.new.record is not None and seen.new.source is not None:
        diagnostics += [_note(scene, seen.new.source, note, seen.new.record.mended) for note in seen.new.record.notes]
        diagnostics += yield from _reports(scene, seen.new.source, seen.new.record.reports)
        diagnostics += yield from _conflict(scene, seen.new)
    return conclude(NAME, _summary(domain, seen), tuple(diagnostics), is_told=seen.silent is None)


def _summary(domain: str, seen: DmarcFindings) -> str:
    if seen.new.record is None:
        return f"{domain} has no DMARC policy" if seen.silent is None else f"DMARC of {domain} could not be told"
    where = "" if seen.new.source == domain else f" (from {seen.new.source})"
    return f"DMARC of {domain} asks for p={seen.new.policy}{where}"


def _differs(new: Reading, old: Reading) -> bool:
    # That testing weakens a policy for new receivers alone is what its owner wants.
    return new.source != old.source or (
        new.policy != old.policy and not (new.record is not None and new.record.is_testing)
    )


def _reports(scene: Scene, source: str, targets: tuple[str, ...]) -> Dialogue[list[Diagnostic]]:
    """Whoever gets reports about another domain must have agreed to it (RFC 9990 §4)."""
    base = scene.registrable(source)
    foreign = [target for target in targets if scene.registrable(target) != base][:MAX_REPORTS]
    if not foreign:
        return []
    names = [f"{source}._report._dmarc.{target}" for target in foreign]
    replies = yield tuple(Question(name=name, rdtype="TXT") for name in names)
    diagnostics = []
    for target, name, reply in zip(foreign, names, replies, strict=True):
        if isinstance(reply, Silent) or (isinstance(reply, Found) and select_dmarc(_plain(reply.values))):
            continue
        message = f"{target} has not agreed to get DMARC reports about {source}: they are not sent."
        help_ = f'Let {target} publish `{name}. TXT "v=DMARC1"`, or name another address in `rua`.'
        diagnostics.append(scene.found(found.DMARC_REPORTS_REFUSED, message, help_))
    return diagnostics


def _plain(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.rstrip("; ") for value in values)


def _conflict(scene: Scene, reading: Reading) -> Dialogue[list[Diagnostic]]:
    """With a policy that refuses, mail that passes neither by SPF nor by DKIM gets lost."""
    if reading.policy in {None, DmarcPolicy.NONE} or reading.record is None:
        return []
    by_spf = yield from spf.check(scene)
    by_dkim = yield from dkim.check(scene)
    proofs = [by_spf.verdict, by_dkim.verdict]
    if scene.signing_domain:
        # The service has an envelope and a signature of its own, for the domain that it knows.
        other = yield from find_dmarc(scene.signing_domain, scene.registrable)
        organizations = (reading.organization, other.new.organization)
        fits = [
            is_aligned(scene.domain, scene.signing_domain, is_strict=is_strict, organizations=organizations)
            for is_strict in (reading.record.is_strict_spf, reading.record.is_strict_dkim)
        ]
        proofs = [proof if fit else CheckVerdict.FAIL for proof, fit in zip(proofs, fits, strict=True)]
    lacks = {CheckVerdict.WARN, CheckVerdict.FAIL}
    # Not applicable is not known: nobody is accused by it.
    if proofs[0] not in lacks or proofs[1] not in {*lacks, CheckVerdict.NOT_APPLICABLE} or not _is_told(by_spf):
        return []
    message = (
        f"{scene.domain} asks receivers to {reading.policy} mail that is not proved, and this account's mail is proved "
        "neither by SPF nor by a DKIM key that is known: it will be refused or lie in spam folders."
    )
    help_ = "Mend what the checks `spf` and `dkim` found; one of the two is enough."
    return [scene.found(found.DMARC_CONFLICT, message, help_)]


def _is_told(by_spf: CheckResult) -> bool:
    """Whether SPF speaks against this account's mail, not only against the record's style."""
    codes = {diagnostic.code for diagnostic in by_spf.diagnostics}
    return found.SPF_OPEN.code not in codes


def _missing(scene: Scene, seen: DmarcFindings) -> Diagnostic:
    name = f"_dmarc.{seen.old.organization}"
    return scene.found(
        found.DMARC_MISSING,
        f"{scene.domain} has no DMARC record: large receivers want one, and forged mail is not refused.",
        f'Publish `{name}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{seen.old.organization}"`; make the policy '
        "stricter when the reports show that all your mail passes.",
    )


def _flaw(scene: Scene, domain: str, problem: str) -> Diagnostic:
    message = f"Receivers ignore the DMARC record of {domain}: {problem}."
    help_ = f'Publish one record: `_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"`.'
    return scene.found(found.DMARC_BROKEN, message, help_)


def _note(scene: Scene, source: str, note: str, mended: str) -> Diagnostic:
    help_ = f'Publish `_dmarc.{source}. TXT "{mended}"` in place of the present record.'
    return scene.found(found.DMARC_OUTDATED, f"In the DMARC record of {source} {note}.", help_)


def _differently(scene: Scene, seen: DmarcFindings) -> Diagnostic:
    def words(reading: Reading) -> str:
        return "find none" if reading.source is None else f"find p={reading.policy} at _dmarc.{reading.source}"

    return scene.found(
        found.DMARC_READ_DIFFERENTLY,
        f"Receivers read the DMARC policy of {scene.domain} in two ways: those of RFC 9989 {words(seen.new)}, "
        f"older ones {words(seen.old)}.",
        f"Publish a record at `_dmarc.{scene.domain}.` itself, and one at `_dmarc.{seen.old.organization}.`.",
    )
