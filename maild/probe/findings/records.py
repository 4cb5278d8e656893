"""What can be wrong with the DNS records by which receivers judge mail: SPF, DKIM and DMARC."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

SPF_WITHOUT_PROVIDER: Final = LiveFinding(
    code="ML517",
    name="spf-missing-for-provider",
    severity=Severity.WARNING,
    summary="The sender domain's SPF does not let the account's provider send",
    finds="The record that the provider asks its customers to include is not among those that the sender domain's SPF "
    "record includes, and samples of the provider's addresses do not pass either.",
    why="Receivers see mail of your domain from an address that your domain does not know: it goes to spam or is "
    "refused.",
    mend="Publish the record that the finding shows in place of the present one.",
)
DKIM_SELECTOR_MISSING: Final = LiveFinding(
    code="ML518",
    name="dkim-selector-missing",
    severity=Severity.WARNING,
    summary="A DKIM selector of the account has no key in DNS",
    finds="There is no TXT record at `<selector>._domainkey.<domain>` for a selector of `dns.dkim_selectors`.",
    why="Signatures by it cannot be verified, which is as good as no signature.",
    mend="Publish the key, or the alias that the provider shows for it, or correct the selector.",
)
DMARC_CONFLICT: Final = LiveFinding(
    code="ML519",
    name="dmarc-policy-conflict",
    severity=Severity.WARNING,
    summary="The domain's DMARC policy lets receivers refuse this account's own mail",
    finds="The policy is quarantine or reject, SPF does not pass for the way by which this account sends, and no DKIM "
    "key of use is known.",
    why="Receivers do with your mail what you asked them to do with forgeries.",
    mend="Let SPF or DKIM pass; what is missing is told by the checks `spf` and `dkim`.",
)
SPF_MISSING: Final = LiveFinding(
    code="ML760",
    name="spf-missing",
    severity=Severity.WARNING,
    summary="The sender's domain has no SPF record",
    finds="No TXT record of the domain begins with `v=spf1`.",
    why="Large receivers refuse mail that neither SPF nor DKIM proves.",
    mend="Publish the record that the finding shows.",
)
SPF_BROKEN: Final = LiveFinding(
    code="ML761",
    name="spf-broken",
    severity=Severity.ERROR,
    summary="The sender domain's SPF record is an error",
    finds="The evaluation of RFC 7208 ends in permerror: a term that does not fit the grammar, two records, an include "
    "of a domain without a record, or more than two questions that find nothing.",
    why="Receivers treat the record as if it were not there, or refuse the mail.",
    mend="Correct the term that is named, in the record of the domain that is named.",
)
SPF_TOO_MANY_LOOKUPS: Final = LiveFinding(
    code="ML762",
    name="spf-too-many-lookups",
    severity=Severity.ERROR,
    summary="The sender domain's SPF record asks DNS more than ten times",
    finds="The terms include, a, mx, ptr, exists and redirect of the record and of all that it includes are more than "
    "ten (RFC 7208 §4.6.4).",
    why="A receiver that comes to the eleventh takes the whole record for an error: part of your mail fails.",
    mend="Remove includes that are no longer used, or put addresses in the place of one.",
)
SPF_OPEN: Final = LiveFinding(
    code="ML763",
    name="spf-lets-everybody-send",
    severity=Severity.WARNING,
    summary="The sender domain's SPF record lets every address send",
    finds="The evaluation passes for an address that sends nothing.",
    why="Anybody may send as you, and receivers trust such records less than none.",
    mend="End the record with `~all` or `-all`.",
)
SPF_WITHOUT_ADDRESS: Final = LiveFinding(
    code="ML764",
    name="spf-missing-for-address",
    severity=Severity.WARNING,
    summary="The sender domain's SPF does not let an address of your own send",
    finds="The evaluation for an address of `dns.sends_from` does not pass.",
    why="Mail from there goes to spam or is refused.",
    mend="Publish the record that the finding shows in place of the present one.",
)
DKIM_KEY_BROKEN: Final = LiveFinding(
    code="ML765",
    name="dkim-key-broken",
    severity=Severity.ERROR,
    summary="A DKIM key in DNS is of no use",
    finds="The record does not fit RFC 6376 §3.6.1, or holds no key of the kind that it says.",
    why="Every signature by this selector fails.",
    mend="Publish the key anew; a record of more than 255 characters is several strings that are joined without space.",
)
DKIM_REVOKED: Final = LiveFinding(
    code="ML766",
    name="dkim-key-revoked",
    severity=Severity.WARNING,
    summary="A DKIM key was taken back",
    finds="The record's `p` is empty (RFC 6376 §3.6.1).",
    why="Every signature by this selector fails.",
    mend="Sign by another selector.",
)
DKIM_KEY_TOO_SHORT: Final = LiveFinding(
    code="ML767",
    name="dkim-key-too-short",
    severity=Severity.ERROR,
    summary="A DKIM key is shorter than receivers take",
    finds="An RSA key of fewer than 1024 bits (RFC 8301 §3.2).",
    why="Every signature by this selector fails.",
    mend="Make a key of 2048 bits under a new selector.",
)
DKIM_KEY_WEAK: Final = LiveFinding(
    code="ML768",
    name="dkim-key-weak",
    severity=Severity.INFO,
    summary="A DKIM key is shorter than it should be",
    finds="An RSA key of 1024 to 2047 bits.",
    why="Receivers still take it; RFC 8301 wants 2048 of signers.",
    mend="Make a key of 2048 bits under a new selector at the next occasion.",
)
DKIM_TESTING: Final = LiveFinding(
    code="ML769",
    name="dkim-key-in-testing",
    severity=Severity.WARNING,
    summary="A DKIM key says that it is only tried out",
    finds="The record has the flag `t=y`.",
    why="Receivers shall treat mail signed by it like unsigned mail, so it does not count for DMARC everywhere.",
    mend="Remove the flag.",
)
DKIM_UNKNOWN: Final = LiveFinding(
    code="ML770",
    name="dkim-not-found",
    severity=Severity.INFO,
    summary="None of the provider's usual DKIM keys is there",
    finds="The account names no selectors, and none of those that the provider usually has is in the domain.",
    why="Either DKIM is not switched on, or the selectors have other names.",
    mend="Switch it on at the provider, or name the selectors in `dns.dkim_selectors`.",
)
DMARC_MISSING: Final = LiveFinding(
    code="ML771",
    name="dmarc-missing",
    severity=Severity.WARNING,
    summary="The sender's domain has no DMARC record",
    finds="Neither the domain nor one above it has a record at `_dmarc`.",
    why="Large receivers want one of whoever sends much, and forged mail is not refused.",
    mend="Publish the record that the finding shows.",
)
DMARC_BROKEN: Final = LiveFinding(
    code="ML772",
    name="dmarc-broken",
    severity=Severity.WARNING,
    summary="Receivers ignore the DMARC record",
    finds="There are several records at one name, or the record has no policy.",
    why="It is as if there were none.",
    mend="Publish one record.",
)
DMARC_OUTDATED: Final = LiveFinding(
    code="ML773",
    name="dmarc-tag-without-effect",
    severity=Severity.INFO,
    summary="A tag of the DMARC record does not do what it seems to",
    finds="A tag that RFC 9989 no longer knows, a value that is none, or a policy in a place where older receivers do "
    "not look.",
    why="What the record asks for is not what receivers do.",
    mend="Correct the tag that is named.",
)
DMARC_READ_DIFFERENTLY: Final = LiveFinding(
    code="ML774",
    name="dmarc-read-differently",
    severity=Severity.WARNING,
    summary="Old and new receivers find different DMARC policies",
    finds="The walk up the name of RFC 9989 ends at another record than the list of public suffixes of RFC 7489 does.",
    why="The same mail passes here and is refused there.",
    mend="Publish a record at the sender's domain itself.",
)
DMARC_REPORTS_REFUSED: Final = LiveFinding(
    code="ML775",
    name="dmarc-reports-not-agreed",
    severity=Severity.WARNING,
    summary="Who shall get the DMARC reports has not agreed to it",
    finds="`rua` names an address at another organisation, which has no record at "
    "`<your domain>._report._dmarc.<their domain>` (RFC 9990).",
    why="No reports come, and problems stay unseen.",
    mend="Let them publish the record, or name an address of your own.",
)
