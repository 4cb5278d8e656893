"""The metrics of DNS: questions asked for checks, and the numbers that the checks saw. Pure.

Whether a check passed is `maild_probe_success`, as for servers; a check that has nothing to look at has no series.
"""

from typing import Final

from maild.observe.metric import DNS_BUCKETS, counter, gauge, histogram

QUERY_SECONDS: Final = histogram(
    "maild_dns_query_duration_seconds", "How long checks waited for DNS.", DNS_BUCKETS, "resolver", "rrtype"
)
FAILURES: Final = counter(
    "maild_dns_failures",
    "Questions of checks that got no answer; that a name does not exist is an answer.",
    "resolver",
    "rrtype",
    "reason",
)
INDETERMINATE: Final = gauge(
    "maild_probe_indeterminate",
    "Always 1: a check of DNS or a round trip that could not be told the last time; absent when it could.",
    "account",
    "check",
)
TRUSTED: Final = gauge(
    "maild_dns_resolver_trusted_ad", "1 when the resolver passed the test of its word on DNSSEC, else 0."
)
DISAGREE: Final = gauge(
    "maild_dns_resolvers_disagree",
    "1 when two resolvers give different records of the sender's domain.",
    "account",
    "rrtype",
)
SPF_LOOKUPS: Final = gauge("maild_spf_lookups", "Terms of the SPF record that ask DNS; 10 is the most.", "account")
SPF_VOIDS: Final = gauge("maild_spf_void_lookups", "Of these, how many found nothing; 2 is the most.", "account")
SPF_RELAY: Final = gauge(
    "maild_spf_relay_authorised",
    "1 when the sender domain's SPF lets the account's provider send, else 0.",
    "account",
    "provider",
)
DKIM_BITS: Final = gauge(
    "maild_dkim_key_bits", "Length of a DKIM key; 0 when it is missing, broken or taken back.", "account", "selector"
)
LISTED: Final = gauge(
    "maild_dnsbl_listed", "1 when a sending address is on a list of spammers.", "account", "list", "address"
)
UNTOLD: Final = gauge(
    "maild_dnsbl_indeterminate", "1 when a list does not say whether it has an address.", "account", "list", "address"
)

METRICS: Final = (
    QUERY_SECONDS,
    FAILURES,
    INDETERMINATE,
    TRUSTED,
    DISAGREE,
    SPF_LOOKUPS,
    SPF_VOIDS,
    SPF_RELAY,
    DKIM_BITS,
    LISTED,
    UNTOLD,
)
"""In the order in which they are shown."""
