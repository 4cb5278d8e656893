"""What can be wrong with the DNS records by which mail finds its way and is kept from strangers' eyes."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

STS_BROKEN: Final = LiveFinding(
    code="ML776",
    name="mta-sts-broken",
    severity=Severity.WARNING,
    summary="The domain announces MTA-STS, and senders can take no notice of it",
    finds="There are several records at `_mta-sts`, or it is written otherwise than RFC 8461 §3.1 has it.",
    why="Mail to you is protected less than you think.",
    mend="Correct what is named, then change the `id` in the record.",
)
STS_UNREACHABLE: Final = LiveFinding(
    code="ML753",
    name="mta-sts-policy-unreachable",
    severity=Severity.WARNING,
    summary="The domain announces MTA-STS, and its policy cannot be had",
    finds="There is no host `mta-sts.<domain>`, it does not answer, or it answers "
    "`https://mta-sts.<domain>/.well-known/mta-sts.txt` with a redirect, an error or too large a file (RFC 8461 §3.3).",
    why="Mail to you is protected less than you think.",
    mend="Serve the policy there, or take the record away.",
)
STS_CERTIFICATE: Final = LiveFinding(
    code="ML754",
    name="mta-sts-certificate-invalid",
    severity=Severity.WARNING,
    summary="The web server of the MTA-STS policy has no valid certificate",
    finds="The certificate is not valid for `mta-sts.<domain>` (RFC 8461 §3.3).",
    why="Senders do not take the policy: mail to you is protected less than you think.",
    mend="Give the web server a certificate for this name from an authority that everybody knows.",
)
STS_POLICY_BROKEN: Final = LiveFinding(
    code="ML755",
    name="mta-sts-policy-broken",
    severity=Severity.WARNING,
    summary="The text of the MTA-STS policy is broken",
    finds="A key of the policy is missing or wrong (RFC 8461 §3.2).",
    why="Senders do not take the policy: mail to you is protected less than you think.",
    mend="Correct what is named, then change the `id` in the record.",
)
STS_MEDIA_TYPE: Final = LiveFinding(
    code="ML756",
    name="mta-sts-media-type",
    severity=Severity.INFO,
    summary="The MTA-STS policy comes as something else than plain text",
    finds="The Content-Type of the policy is not text/plain (RFC 8461 §3.2 wants it).",
    why="Senders that look at it do not take the policy.",
    mend="Let the web server say `Content-Type: text/plain` for it.",
)
STS_MX_MISSING: Final = LiveFinding(
    code="ML777",
    name="mta-sts-mx-not-covered",
    severity=Severity.ERROR,
    summary="A mail host of the domain is not in its MTA-STS policy",
    finds="An MX record names a host that no `mx` line of the policy covers (RFC 8461 §4.1).",
    why="With `mode: enforce` senders do not deliver to this host.",
    mend="Add the host to the policy and change the `id` in the record, or remove the MX record.",
)
TLS_RPT_BROKEN: Final = LiveFinding(
    code="ML778",
    name="tls-rpt-broken",
    severity=Severity.WARNING,
    summary="The record that wants reports on TLS failures is of no use",
    finds="There are several records at `_smtp._tls`, or `rua` names no mailto: or https: address (RFC 8460 §3).",
    why="No reports come.",
    mend="Publish one record with an address.",
)
TLSA_INSECURE: Final = LiveFinding(
    code="ML779",
    name="tlsa-not-signed",
    severity=Severity.WARNING,
    summary="TLSA records stand in a zone that is not signed",
    finds="There are TLSA records, and the answer is not secured by DNSSEC.",
    why="Nobody may rely on them (RFC 7672 §2.2): they protect nothing.",
    mend="Sign the zone, or remove the records.",
)
TLSA_UNUSABLE: Final = LiveFinding(
    code="ML793",
    name="tlsa-unusable",
    severity=Severity.WARNING,
    summary="No TLSA record of the host is of use for SMTP",
    finds="The records have usages other than DANE-TA(2) and DANE-EE(3), or digests of a wrong length (RFC 7672 §3.1).",
    why="Senders encrypt and verify nothing.",
    mend="Publish a record such as `3 1 1` of the server's key.",
)
TLSA_MISMATCH: Final = LiveFinding(
    code="ML794",
    name="tlsa-mismatch",
    severity=Severity.ERROR,
    summary="No TLSA record fits the certificate that the server shows",
    finds="The digests of the records are not those of the server's chain; most often the key changed at a renewal.",
    why="Senders that use DANE do not deliver to this host.",
    mend="Publish the record that the finding shows; before the next change of keys publish both.",
)
REVERSE_MISSING: Final = LiveFinding(
    code="ML795",
    name="reverse-name-missing",
    severity=Severity.WARNING,
    summary="A sending address has no name that leads back to it",
    finds="The address has no PTR record, or its names do not have the address (FCrDNS, RFC 8601 §2.7.3).",
    why="Large receivers refuse mail from such addresses, above all with IPv6.",
    mend="Let whoever gave you the address set its PTR record, and give that name the address.",
)
REVERSE_GENERIC: Final = LiveFinding(
    code="ML796",
    name="reverse-name-generic",
    severity=Severity.INFO,
    summary="The name of a sending address is one that the network gave it",
    finds="The address itself stands in its name.",
    why="Receivers take such machines for home connections.",
    mend="Let whoever gave you the address set its PTR record to the server's own name.",
)
CAA_FORBIDS: Final = LiveFinding(
    code="ML797",
    name="caa-forbids-certificates",
    severity=Severity.WARNING,
    summary="No authority may issue a certificate for the server",
    finds="The CAA records that count for the host let nobody issue (RFC 8659).",
    why="The server's certificate cannot be renewed.",
    mend="Name your authority in a CAA record.",
)
SRV_ELSEWHERE: Final = LiveFinding(
    code="ML798",
    name="srv-names-another-server",
    severity=Severity.INFO,
    summary="The domain names another server for sending than the account uses",
    finds="The SRV records `_submissions._tcp` and `_submission._tcp` (RFC 8314 §5.1) do not have the account's host.",
    why="Either the account or the record is out of date.",
    mend="Compare the two.",
)
BIMI_BROKEN: Final = LiveFinding(
    code="ML799",
    name="bimi-broken",
    severity=Severity.INFO,
    summary="The record of the domain's logo is of no use",
    finds="There are several records at `default._bimi`, or one without an https: address.",
    why="No logo is shown.",
    mend="Publish one record with the address of the picture.",
)
ADDRESS_LISTED: Final = LiveFinding(
    code="ML757",
    name="sending-address-listed",
    severity=Severity.WARNING,
    summary="A sending address is on a list of spammers",
    finds="A list of `dns.blocklists` that answers its own test (RFC 5782 §5) has an address of `dns.sends_from`.",
    why="Receivers that ask this list refuse your mail.",
    mend="Find out why on the list's web page; stop what sent spam, then ask to be taken off.",
)
LIST_UNUSABLE: Final = LiveFinding(
    code="ML758",
    name="blocklist-unusable",
    severity=Severity.INFO,
    summary="A list of spammers does not answer",
    finds="The list fails its own test, refuses this resolver, or answers with an address outside 127.0.0.0/8.",
    why="Whether your addresses are on it cannot be told. Lists refuse large public resolvers.",
    mend="Ask by a resolver of your own in `dns.resolvers`, or take the list out of `dns.blocklists`.",
)
DNSSEC_BOGUS: Final = LiveFinding(
    code="ML759",
    name="dnssec-bogus",
    severity=Severity.ERROR,
    summary="The signatures of the sender's domain do not match",
    finds="A resolver that checks signatures refuses to answer for the domain, and answers for others.",
    why="For everybody who checks signatures the domain does not exist: your mail is refused and none comes back.",
    mend="Most often a signature ran out or the registry has an old key (DS): renew the signatures, or let the "
    "registrar correct or remove the DS record.",
)
RESOLVER_TRUSTS_ALL: Final = LiveFinding(
    code="ML790",
    name="resolver-does-not-validate",
    severity=Severity.INFO,
    summary="The resolver does not check signatures",
    finds="It does not vouch for a name whose signatures are right, or answers for one whose signatures are wrong.",
    why="Nothing can be told about DNSSEC and DANE.",
    mend="Use a resolver that validates, such as unbound on this machine.",
)
RESOLVERS_DISAGREE: Final = LiveFinding(
    code="ML791",
    name="resolvers-disagree",
    severity=Severity.WARNING,
    summary="Two resolvers give different answers about the sender's domain",
    finds="The MX or TXT records that the resolvers of `dns.resolvers` give are not the same, asked twice.",
    why="Part of the world sees other records than you do; right after a change that passes by itself.",
    mend="Compare the zone's name servers; ask again when the old records have run out.",
)
HOST_ALONE: Final = LiveFinding(
    code="ML792",
    name="host-without-ipv4",
    severity=Severity.INFO,
    summary="The server has no address of version 4",
    finds="DNS has AAAA records of the account's server and no A record.",
    why="From a network without IPv6 nothing can be sent.",
    mend="Give the host an A record if it is yours.",
)
