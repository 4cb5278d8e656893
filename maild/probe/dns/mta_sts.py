"""The check `mta-sts`: whether senders can hold to the policy that the sender's domain announces (RFC 8461). Pure.

Without a record there is nothing to check. The policy's text is fetched by whoever drives the dialogue: it is asked for
like a record, by the type POLICY, for it is an answer of the domain all the same.
"""

from dataclasses import replace
from typing import Final

from maild.diagnostics import Diagnostic, Severity
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.dialogue import Absent, Dialogue, Found, Question, Silent, ask
from maild.records.mta_sts import StsError, StsMode, StsPolicy, parse_sts_policy, parse_sts_record

NAME: Final = "mta-sts"
POLICY: Final = "POLICY"
"""No type of DNS: the file that RFC 8461 §3.3 has at the name. Found has its text and its media type; Silent has one of
these causes, or another that says nothing of the file.
"""

CERTIFICATE: Final = "certificate"
ANSWER: Final = "answer"
MEDIA_TYPE: Final = "text/plain"


def policy_url(name: str) -> str:
    """Where the policy of the domain with this `mta-sts` host is."""
    return f"https://{name}/.well-known/mta-sts.txt"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """The record, the policy, and whether it covers the mail hosts."""
    domain = scene.domain
    if not scene.is_in_dns or scene.is_providers_own:
        return pass_over(NAME, f"MTA-STS of {domain} is nothing that you could publish")
    record = f"_mta-sts.{domain}"
    announced = yield from ask(record, "TXT")
    if isinstance(announced, Silent):
        silence = scene.silence(f"TXT of {record}: {announced.detail}")
        return conclude(NAME, f"MTA-STS of {domain} could not be told", (silence,), is_told=False)
    try:
        id_ = parse_sts_record(announced.values if isinstance(announced, Found) else ())
    except StsError as error:
        help_ = f'Publish one record: `{record}. TXT "v=STSv1; id=1"`, with another `id` at each change of the policy.'
        flaw = scene.found(found.STS_BROKEN, f"Senders ignore the record at {record}: {error.problem}.", help_)
        return conclude(NAME, f"MTA-STS of {domain} is broken", (flaw,))
    if id_ is None:
        return pass_over(NAME, f"{domain} announces no MTA-STS")
    host = f"mta-sts.{domain}"
    policy, exchanges = yield (Question(name=host, rdtype=POLICY), Question(name=domain, rdtype="MX"))
    if not isinstance(policy, Found):
        return _unfetched(scene, host, policy)
    hosts = tuple(_host(value) for value in exchanges.values) if isinstance(exchanges, Found) else ()
    return _judge(scene, policy, tuple(host for host in hosts if host))


def _host(value: str) -> str:
    return value.partition(" ")[2].strip().lower().removesuffix(".")


def _unfetched(scene: Scene, host: str, reply: Absent | Silent) -> CheckResult:
    """Why senders have no policy, as far as it can be told from here."""
    domain, url = scene.domain, policy_url(host)
    silent = reply if isinstance(reply, Silent) else Silent(detail=f"there is no host {host}")
    finding = found.STS_CERTIFICATE if silent.cause == CERTIFICATE else found.STS_UNREACHABLE
    message = f"{domain} announces MTA-STS, and its policy at {url} cannot be had: {silent.detail}."
    remove = f"or take the record `_mta-sts.{domain}. TXT` away"
    if isinstance(reply, Absent):
        help_ = f"Publish `{host}. A <address>` of a web server that has the policy, {remove}."
    elif silent.cause == CERTIFICATE:
        help_ = f"Give the web server a certificate for {host} from an authority that everybody knows, {remove}."
    elif silent.cause == ANSWER:
        help_ = f"Serve the policy as a file of that address, with status 200 and without a redirect, {remove}."
    else:
        # The way to it may be closed from here alone.
        help_ = f"See whether it can be had from elsewhere; if not, serve it there, {remove}."
        flaw = replace(scene.found(finding, message, help_), severity=Severity.INFO)
        return conclude(NAME, f"the MTA-STS policy of {domain} could not be read", (flaw,), is_told=False)
    return conclude(NAME, f"MTA-STS of {domain} has no policy", (scene.found(finding, message, help_),))


def _judge(scene: Scene, reply: Found, hosts: tuple[str, ...]) -> CheckResult:
    domain, text = scene.domain, reply.values[0]
    url = policy_url(f"mta-sts.{domain}")
    try:
        policy = parse_sts_policy(text)
    except StsError as error:
        help_ = (
            "A policy has the lines `version: STSv1`, `mode: enforce`, `mx: <host>` for each host, `max_age: 604800`."
        )
        flaw = scene.found(found.STS_POLICY_BROKEN, f"The MTA-STS policy at {url} is broken: {error.problem}.", help_)
        return conclude(NAME, f"MTA-STS of {domain} is broken", (flaw,))
    flaws = (
        []
        if policy.mode is StsMode.NONE
        else [_uncovered(scene, policy, host) for host in hosts if not policy.covers(host)]
    )
    if reply.values[1:] and reply.values[1] != MEDIA_TYPE:
        message = f"The MTA-STS policy at {url} comes as {reply.values[1]}, and some senders take {MEDIA_TYPE} alone."
        flaws.append(
            scene.found(found.STS_MEDIA_TYPE, message, f"Let the web server say `Content-Type: {MEDIA_TYPE}`.")
        )
    return conclude(NAME, f"MTA-STS of {domain} is in mode {policy.mode}", tuple(flaws))


def _uncovered(scene: Scene, policy: StsPolicy, host: str) -> Diagnostic:
    effect = "senders do not deliver to it" if policy.mode is StsMode.ENFORCE else "it is reported as a failure"
    return scene.found(
        found.STS_MX_MISSING,
        f"The mail host {host} of {scene.domain} is not in the MTA-STS policy (mode {policy.mode}): {effect}.",
        f"Add `mx: {host}` to the policy and change `id` in `_mta-sts.{scene.domain}. TXT`.",
    )
