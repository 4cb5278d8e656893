"""The list of rules, by code. A new one is its file, its line here and its cases."""

from typing import Final

from maild.rules.identity import (
    ml501_secret_in_config,
    ml504_secret_unresolved,
)
from maild.rules.rule import Rule
from maild.rules.structure import (
    ml201_unknown_key,
    ml202_missing_key,
    ml203_wrong_type,
    ml204_invalid_choice,
    ml205_key_wrong_protocol,
    ml207_out_of_range,
    ml208_mutually_exclusive,
    ml209_dependent_key_missing,
    ml214_duplicate_account,
    ml216_unresolved_reference,
    ml218_invalid_duration,
    ml220_invalid_email,
    ml221_invalid_hostname,
    ml222_host_contains_port_or_scheme,
    ml226_invalid_text,
)
from maild.rules.syntax import (
    ml101_yaml_syntax,
    ml102_file_not_utf8,
    ml103_file_too_large,
    ml104_nesting_too_deep,
    ml105_alias_expansion_too_large,
    ml106_recursive_alias,
    ml107_duplicate_key,
    ml117_non_string_key,
    ml119_unknown_tag,
    ml121_multi_document_not_allowed,
    ml123_file_unreadable,
)
from maild.rules.tool import (
    ml904_unknown_rule,
    ml906_rule_not_adjustable,
    ml999_internal_error,
)
from maild.rules.transport import (
    ml301_port_25_submission,
    ml302_port_nonstandard,
    ml303_port_tls_mode_mismatch,
    ml304_tls_disabled_with_auth,
    ml305_tls_verify_off,
    ml306_tls_verify_off_known_provider,
    ml309_tls_mode_none_nonlocal,
    ml315_http_url_not_https,
    ml321_http_url_without_scheme,
    ml322_invalid_http_url,
)

RULES: Final = (
    ml101_yaml_syntax.RULE,
    ml102_file_not_utf8.RULE,
    ml103_file_too_large.RULE,
    ml104_nesting_too_deep.RULE,
    ml105_alias_expansion_too_large.RULE,
    ml106_recursive_alias.RULE,
    ml107_duplicate_key.RULE,
    ml117_non_string_key.RULE,
    ml119_unknown_tag.RULE,
    ml121_multi_document_not_allowed.RULE,
    ml123_file_unreadable.RULE,
    ml201_unknown_key.RULE,
    ml202_missing_key.RULE,
    ml203_wrong_type.RULE,
    ml204_invalid_choice.RULE,
    ml205_key_wrong_protocol.RULE,
    ml207_out_of_range.RULE,
    ml208_mutually_exclusive.RULE,
    ml209_dependent_key_missing.RULE,
    ml214_duplicate_account.RULE,
    ml216_unresolved_reference.RULE,
    ml218_invalid_duration.RULE,
    ml220_invalid_email.RULE,
    ml221_invalid_hostname.RULE,
    ml222_host_contains_port_or_scheme.RULE,
    ml226_invalid_text.RULE,
    ml301_port_25_submission.RULE,
    ml302_port_nonstandard.RULE,
    ml303_port_tls_mode_mismatch.RULE,
    ml304_tls_disabled_with_auth.RULE,
    ml305_tls_verify_off.RULE,
    ml306_tls_verify_off_known_provider.RULE,
    ml309_tls_mode_none_nonlocal.RULE,
    ml315_http_url_not_https.RULE,
    ml321_http_url_without_scheme.RULE,
    ml322_invalid_http_url.RULE,
    ml501_secret_in_config.RULE,
    ml504_secret_unresolved.RULE,
    ml904_unknown_rule.RULE,
    ml906_rule_not_adjustable.RULE,
    ml999_internal_error.RULE,
)


def find_rule(word: str) -> Rule | None:
    """The rule of a code or a name, in whatever case; None when there is none."""
    return next((rule for rule in RULES if word.lower() in {rule.info.code.lower(), rule.info.name}), None)
