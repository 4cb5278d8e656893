"""What can be wrong with where the sender's domain takes its mail (ML740 to ML749)."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

DOMAIN_NOT_FOUND: Final = LiveFinding(
    code="ML740",
    name="sender-domain-not-found",
    severity=Severity.ERROR,
    summary="The sender's domain does not exist",
    finds="DNS answers NXDOMAIN for the domain of the sender's address.",
    why="Most receivers refuse mail from a domain that does not exist, and answers cannot reach you.",
    mend="Check the address for slips; renew the domain if it ran out.",
)
DOMAIN_TAKES_NO_MAIL: Final = LiveFinding(
    code="ML741",
    name="sender-domain-null-mx",
    severity=Severity.WARNING,
    summary="The sender's domain says that it takes no mail",
    finds="The domain has a null MX (RFC 7505).",
    why="Answers and bounces cannot come back, and some receivers refuse such senders with 550 5.7.27.",
    mend="Publish a real MX record, or send from a domain that has one.",
)
NULL_MX_BESIDE_OTHERS: Final = LiveFinding(
    code="ML742",
    name="null-mx-beside-others",
    severity=Severity.WARNING,
    summary="A null MX stands beside real MX records",
    finds="One MX record says that the domain takes no mail, another one names a host (RFC 7505 §3 forbids it).",
    why="Senders may read it either way.",
    mend="Remove the record whose host is a lone dot.",
)
MX_IS_ADDRESS: Final = LiveFinding(
    code="ML743",
    name="mx-is-ip-address",
    severity=Severity.ERROR,
    summary="An MX record names an IP address in place of a host",
    finds="The exchange has the form of an IPv4 address.",
    why="Senders look it up as a name and find nothing: this record never works.",
    mend="Give the host a name with an A record and put the name into the MX record.",
)
MX_DANGLING: Final = LiveFinding(
    code="ML744",
    name="mx-without-address",
    severity=Severity.WARNING,
    summary="An MX record names a host that has no address",
    finds="The host does not exist, or has neither A nor AAAA record.",
    why="If it is the only one, no answer can reach you. A dead first host beside good ones only costs senders time.",
    mend="Correct the name or remove the record.",
)
MX_IS_ALIAS: Final = LiveFinding(
    code="ML745",
    name="mx-is-alias",
    severity=Severity.WARNING,
    summary="An MX record names an alias",
    finds="The host of the MX record is a CNAME (RFC 2181 §10.3 forbids it).",
    why="Most senders follow it, some do not.",
    mend="Put the name that the alias leads to into the MX record.",
)
MX_DOT_MISSING: Final = LiveFinding(
    code="ML746",
    name="mx-final-dot-missing",
    severity=Severity.ERROR,
    summary="The final dot of an MX host was forgotten in the zone file",
    finds="The host's name ends in the domain a second time, or in the domain after what looks like a complete name.",
    why="The name that was published does not exist or leads elsewhere.",
    mend="End the name in the zone file with a dot.",
)
MX_IMPLICIT: Final = LiveFinding(
    code="ML747",
    name="mx-implicit",
    severity=Severity.INFO,
    summary="The sender's domain has no MX record",
    finds="Senders fall back on the domain's own address (RFC 5321 §5.1), usually that of the web server.",
    why="Answers reach you only if mail is served there.",
    mend="Publish an MX record that names the host that takes your mail.",
)
MX_NOT_PUBLIC: Final = LiveFinding(
    code="ML748",
    name="mx-not-public",
    severity=Severity.WARNING,
    summary="An MX record leads to a place that the internet cannot reach",
    finds="The host is localhost or another name without meaning elsewhere, or has only private addresses here.",
    why="Answers from outside cannot arrive by it. Private addresses are normal when your own name server answers "
    "differently inside the company.",
    mend="Publish a host name with a public address.",
)
NO_MAIL_HOST: Final = LiveFinding(
    code="ML749",
    name="sender-domain-without-mail-host",
    severity=Severity.ERROR,
    summary="The sender's domain has neither MX record nor address",
    finds="The domain exists, and nothing says where its mail goes.",
    why="Answers cannot reach you, and many receivers refuse mail from such a domain.",
    mend="Publish an MX record.",
)
