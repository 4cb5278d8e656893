"""The list of rules, by code. A new one is its file, its line here and its cases.

A line names the rule's module and what a file must have for the rule to be of interest: the name of a fault, the
pointer of a key, or a word of `features`. A rule is imported when the first such file comes: a correct file interests
few of them, and importing all of them takes longer than checking it.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final

from maild.rules.features import features
from maild.rules.info import RuleInfo
from maild.rules.rule import Rule
from maild.rules.subject import Subject

_LINES: Final = (
    ("syntax.ml101_yaml_syntax", "YamlSyntax"),
    ("syntax.ml102_file_not_utf8", "NotUtf8"),
    ("syntax.ml103_file_too_large", "TooLarge"),
    ("syntax.ml104_nesting_too_deep", "TooDeep"),
    ("syntax.ml105_alias_expansion_too_large", "TooManyNodes"),
    ("syntax.ml106_recursive_alias", "RecursiveAlias"),
    ("syntax.ml107_duplicate_key", "DuplicateKey"),
    ("syntax.ml108_empty_document", "empty"),
    ("syntax.ml109_tab_indentation", "YamlSyntax"),
    ("syntax.ml110_yaml11_boolean", "yaml11"),
    ("syntax.ml111_yaml11_octal", "yaml11"),
    ("syntax.ml112_yaml11_sexagesimal", "yaml11"),
    ("syntax.ml113_yaml11_underscore_number", "yaml11"),
    ("syntax.ml114_implicit_date", "yaml11"),
    ("syntax.ml115_value_cut_by_comment", "hash-in-text"),
    ("syntax.ml116_unquoted_special_start", "YamlSyntax"),
    ("syntax.ml117_non_string_key", "UnsupportedYaml"),
    ("syntax.ml118_invisible_character", "strange-character"),
    ("syntax.ml119_unknown_tag", "UnsupportedYaml"),
    ("syntax.ml120_merge_key", "UnknownKey"),
    ("syntax.ml121_multi_document_not_allowed", "UnsupportedYaml"),
    ("syntax.ml122_trailing_whitespace_in_value", "edge-blank"),
    ("syntax.ml123_file_unreadable", ""),
    ("syntax.ml124_copied_characters", "CopiedCharacters"),
    ("structure.ml201_unknown_key", "UnknownKey"),
    ("structure.ml202_missing_key", "MissingKey"),
    ("structure.ml203_wrong_type", "WrongType"),
    ("structure.ml204_invalid_choice", "InvalidChoice"),
    ("structure.ml205_key_wrong_protocol", "KeyOfOtherProtocol"),
    ("structure.ml206_key_wrong_level", "UnknownKey"),
    ("structure.ml207_out_of_range", "OutOfRange"),
    ("structure.ml208_mutually_exclusive", "MutuallyExclusive"),
    ("structure.ml209_dependent_key_missing", "DependentKeyMissing"),
    ("structure.ml213_schema_version_unsupported", "InvalidChoice"),
    ("structure.ml214_duplicate_account", ""),
    ("structure.ml215_invalid_name", "InvalidText"),
    ("structure.ml216_unresolved_reference", "site UnknownAccount"),
    ("structure.ml217_unused_definition", "/routes"),
    ("structure.ml218_invalid_duration", "InvalidDuration"),
    ("structure.ml219_invalid_size", "InvalidSize"),
    ("structure.ml220_invalid_email", "InvalidEmail"),
    ("structure.ml221_invalid_hostname", "InvalidHostname"),
    ("structure.ml222_host_contains_port_or_scheme", "HostWithExtras"),
    ("structure.ml223_null_value", "WrongType"),
    ("structure.ml226_invalid_text", "InvalidText"),
    ("structure.ml227_foreign_file", "ForeignFile"),
    ("structure.ml228_placeholder", "placeholder"),
    ("transport.ml301_port_25_submission", "port-25"),
    ("transport.ml302_port_nonstandard", "port-other"),
    ("transport.ml303_port_tls_mode_mismatch", "/smtp/tls/mode"),
    ("transport.ml304_tls_disabled_with_auth", "tls-none"),
    ("transport.ml305_tls_verify_off", "verify-off"),
    ("transport.ml306_tls_verify_off_known_provider", "verify-off"),
    ("transport.ml307_starttls_opportunistic", "InvalidChoice"),
    ("transport.ml308_tls_version_too_low", "InvalidChoice"),
    ("transport.ml309_tls_mode_none_nonlocal", "tls-none"),
    ("transport.ml310_ca_file_missing", "/smtp/tls/ca_file /smtp/tls/cert_file /smtp/tls/key_file /http/tls"),
    ("transport.ml311_ca_file_with_verify_off", "verify-off"),
    ("transport.ml313_host_is_ip_with_verify", "host-is-address"),
    ("transport.ml314_weak_auth_method", "auth-cram-md5 auth-login"),
    ("transport.ml315_http_url_not_https", "/http/url /oauth"),
    ("transport.ml316_http_verify_off", "/http/tls/verify"),
    ("transport.ml317_http_url_has_credentials", "InvalidUrl"),
    ("transport.ml318_timeout_missing_or_zero", "OutOfRange InvalidDuration"),
    ("transport.ml319_client_cert_key_unpaired", "DependentKeyMissing"),
    ("transport.ml321_http_url_without_scheme", "/http/url"),
    ("transport.ml322_invalid_http_url", "InvalidUrl"),
    ("provider.ml401_gmail_port", "ML401"),
    ("provider.ml402_gmail_not_app_password", "ML402"),
    ("provider.ml404_gmail_username_not_address", "ML404"),
    ("provider.ml405_gmail_from_not_account", "ML405"),
    ("provider.ml406_gmail_rate_above_limit", "ML406"),
    ("provider.ml407_gmail_password_spaces", "ML407"),
    ("provider.ml408_gmail_relay_vs_submission", "ML408"),
    ("provider.ml409_wrong_google_host", "ML409"),
    ("provider.ml410_m365_basic_auth", "ML410"),
    ("provider.ml411_m365_port_465", "ML411"),
    ("provider.ml412_m365_rate_above_limit", "ML412"),
    ("provider.ml414_m365_from_not_mailbox", "ML414"),
    ("provider.ml415_outlook_com_password", "ML415"),
    ("provider.ml416_outlook_host_mixup", "ML416"),
    ("provider.ml417_yahoo_needs_app_password", "ML417"),
    ("provider.ml418_yahoo_from_not_account", "ML418"),
    ("provider.ml419_icloud_port_465", "ML419"),
    ("provider.ml420_icloud_needs_app_password", "ML420"),
    ("provider.ml421_fastmail_needs_app_password", "ML421"),
    ("provider.ml422_zoho_region_host", "ML422"),
    ("provider.ml423_zoho_from_not_account", "ML423"),
    ("provider.ml424_sendgrid_username", "ML424"),
    ("provider.ml425_sendgrid_key_shape", "ML425"),
    ("provider.ml426_ses_secret_key_used", "ML426"),
    ("provider.ml427_ses_region_host", "ML427"),
    ("provider.ml428_ses_api_host", "ML428"),
    ("provider.ml429_mailgun_api_key_used", "ML429"),
    ("provider.ml430_mailgun_username_domain", "ML430"),
    ("provider.ml432_postmark_port_465", "ML432"),
    ("provider.ml433_postmark_username_password_differ", "ML433"),
    ("provider.ml434_brevo_api_key_used", "ML434"),
    ("provider.ml435_fixed_username_provider", "ML435"),
    ("provider.ml436_sandbox_host_in_production", "sandbox"),
    ("provider.ml437_provider_port_unsupported", "ML437"),
    ("provider.ml438_provider_username_form", "ML438"),
    ("provider.ml439_provider_table_stale", "stale"),
    ("provider.ml440_provider_http_endpoint_region", "/http/url /http/region"),
    ("provider.ml441_provider_host_misspelt", "near-host"),
    ("provider.ml442_provider_reading_host", "ML442 reading-name"),
    ("provider.ml443_host_is_web_site", "web-host"),
    ("identity.ml501_secret_in_config", "LiteralSecret secret-as-name"),
    ("identity.ml502_known_token_in_config", "token"),
    ("identity.ml503_secret_file_permissions", "secrets"),
    ("identity.ml504_secret_unresolved", "secrets"),
    ("identity.ml505_secret_empty_or_placeholder", "secrets"),
    ("identity.ml506_secret_trailing_newline", "secrets"),
    ("identity.ml507_env_name_invalid", "InvalidText"),
    ("identity.ml508_env_interpolation_in_plain_field", "dollar"),
    ("identity.ml509_secret_reused", "shared-password"),
    ("identity.ml510_secret_file_in_repo", "secrets"),
    ("identity.ml511_from_domain_not_username_domain", "ML511"),
    ("identity.ml512_from_freemail_domain", "free-sender"),
    ("identity.ml513_reply_to_domain_unrelated", "/reply_to"),
    ("identity.ml514_noreply_without_reply_to", "nobody"),
    ("identity.ml515_example_domain", "nowhere"),
    ("identity.ml516_envelope_sender_missing", "ML516"),
    ("routing.ml601_no_default_route", "/routes"),
    ("routing.ml602_route_shadowed", "/routes"),
    ("routing.ml603_route_loop", "/routes"),
    ("routing.ml604_route_to_disabled_account", "/routes /default_account"),
    ("routing.ml605_weights_zero", "/routes"),
    ("routing.ml606_fallback_same_host", "/routes"),
    ("routing.ml607_recipient_domain_invalid", "/routes"),
    ("routing.ml609_concurrency_above_provider_limit", "/limits/connections"),
    ("routing.ml610_retry_window_shorter_than_backoff", "/delivery/lifetime"),
    ("routing.ml611_retry_too_aggressive", "/delivery/retry"),
    ("routing.ml612_retry_window_over_5_days", "/delivery/lifetime"),
    ("routing.ml613_retry_on_auth_failure", "UnknownKey"),
    ("routing.ml615_spool_inside_config_dir", "/spool/path"),
    ("routing.ml619_max_size_above_provider", "/limits/max_size"),
    ("routing.ml620_reports_by_the_failing_account", "/reports/to"),
    ("probe.ml701_probe_interval_too_short", "/probe/interval"),
    ("probe.ml702_probe_timeout_ge_interval", "/probe/timeout"),
    ("probe.ml703_probe_auth_every_run", "/probe/auth_interval"),
    ("probe.ml707_metrics_bind_public", "/web/listen"),
    ("probe.ml709_metrics_port_conflict", "/web/listen"),
    ("tool.ml901_unused_ignore", ""),
    ("tool.ml902_expired_ignore", "ignore-comment"),
    ("tool.ml903_ignore_without_reason", "ignore-comment"),
    ("tool.ml904_unknown_rule", "/lint ignore-comment"),
    ("tool.ml905_baseline_entry_fixed", ""),
    ("tool.ml906_rule_not_adjustable", "/lint ignore-comment"),
    ("tool.ml907_too_many_findings", ""),
    ("tool.ml908_restart_needed", ""),
    ("tool.ml909_canary_failed", ""),
    ("tool.ml999_internal_error", ""),
)


def _code(module: str) -> str:
    return module.rpartition(".")[2][:5].upper()


_CODES: Final = {_code(module): module for module, _ in _LINES}
_NAMES: Final = {module.rpartition(".")[2][6:].replace("_", "-"): module for module, _ in _LINES}
_INTERESTS: Final = tuple((module, frozenset(words.split())) for module, words in _LINES)


@cache
def _load(module: str) -> Rule:
    rule: Rule = import_module(f"maild.rules.{module}").RULE
    return rule


class _Rules(Collection[Rule]):
    """All rules, imported as they are asked for."""

    def __iter__(self) -> Iterator[Rule]:
        return (_load(module) for module, _ in _LINES)

    def __len__(self) -> int:
        return len(_LINES)

    def __contains__(self, rule: object) -> bool:
        return any(rule is known for known in self)


class _Infos(Mapping[str, RuleInfo]):
    """The identities of all rules by code, imported as they are asked for."""

    def __getitem__(self, code: str) -> RuleInfo:
        return _load(_CODES[code]).info

    def __iter__(self) -> Iterator[str]:
        return iter(_CODES)

    def __len__(self) -> int:
        return len(_CODES)


RULES: Final = _Rules()
INFOS: Final = _Infos()


def rules_about(subject: Subject) -> Iterator[Rule]:
    """The rules that may have something to say about this file, in the order of their codes."""
    found = features(subject)
    return (_load(module) for module, words in _INTERESTS if not words.isdisjoint(found))


def code_of(word: str) -> str:
    """The code of the rule that has this code or name, in whatever case; the word itself where there is none."""
    if word.upper() in _CODES:
        return word.upper()
    return _code(_NAMES[word.lower()]) if word.lower() in _NAMES else word


def find_rule(word: str) -> Rule | None:
    """The rule of a code or a name, in whatever case; None when there is none."""
    module = _CODES.get(word.upper()) or _NAMES.get(word.lower())
    return None if module is None else _load(module)
