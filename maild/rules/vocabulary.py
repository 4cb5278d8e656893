"""The words that people bring along from other mail programs, and what maild calls the same things. Pure data.

Words of Django, Laravel, nodemailer, msmtp, Postfix, Thunderbird and the like, folded as `spelling.fold` does it. A
test holds every pointer against the schemas. `*` in a pointer stands for the number of a list's entry.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import Pointer
from maild.rules.spelling import fold

_HOST: Final = """server hostname host_name smtp_host smtp_server mail_server mail_host email_host smtp_hostname
    outgoing_server relay relay_host smart_host server_name mta"""
_PORT: Final = "smtp_port mail_port email_port port_number server_port"
_MODE: Final = """ssl secure encryption security smtp_secure smtp_encryption mail_encryption starttls use_tls use_ssl
    email_use_tls email_use_ssl smtp_tls smtp_ssl tls_mode ssl_mode connection_security start_tls
    smtp_use_tls use_starttls"""
_VERIFY: Final = """verify_ssl ssl_verify tls_verify verify_tls verify_certificate verify_cert validate_certificate
    check_certificate verify_peer insecure skip_verify insecure_skip_verify tls_certcheck reject_unauthorized"""
_CA_FILE: Final = "ca ca_cert cacert ca_bundle ca_certificate tls_trust_file trust_file root_ca ca_path cafile"
_MIN_VERSION: Final = """tls_min_version min_tls_version tls_version ssl_version minimum_version min_protocol
    tls_minimum_version minversion protocol_version"""
_PIN: Final = """fingerprint tls_fingerprint pin pinned_key pinnedpubkey cert_fingerprint certificate_fingerprint
    pin_sha_256 public_key_pin"""
_CERT_FILE: Final = "cert client_cert tls_cert_file ssl_certfile email_ssl_certfile client_certificate certfile"
_KEY_FILE: Final = "key client_key tls_key_file ssl_keyfile email_ssl_keyfile private_key keyfile"
_TIMEOUT: Final = """email_timeout connection_timeout socket_timeout connect_timeout smtp_timeout greeting_timeout
    mail_timeout time_out"""
_AUTH: Final = "auth_method authentication auth_type mechanism sasl auth_mechanism smtp_auth login_method"
_USERNAME: Final = """user login user_name smtp_user smtp_username smtp_login email_host_user mail_username user_id
    auth_user auth_username"""
_SECRET: Final = """pass passwd pwd passphrase secret smtp_password smtp_pass email_host_password mail_password
    app_password auth_password api_key token credentials password_eval"""  # noqa: S105 -- words, no password
_EMAIL: Final = """from sender mail_from from_address from_email default_from_email sender_email email_address mail
    e_mail address envelope_from mail_from_address"""
_URL: Final = "endpoint uri base_url api_url service_url http_url server_url"


def _by_word(words_by_pointer: Mapping[str, str]) -> Mapping[str, tuple[Pointer, ...]]:
    found: dict[str, tuple[Pointer, ...]] = {}
    for pointer, words in words_by_pointer.items():
        for word in words.split():
            found[fold(word)] = (*found.get(fold(word), ()), Pointer(pointer))
    return MappingProxyType(found)


ACCOUNT_SYNONYMS: Final = _by_word(
    _with_languages(
        {
            "/smtp/host": _HOST,
            "/smtp/port": _PORT,
            "/smtp/tls/mode": _MODE,
            "/smtp/tls/verify": _VERIFY,
            "/smtp/tls/ca_file": _CA_FILE,
            "/smtp/tls/min_version": _MIN_VERSION,
            "/smtp/tls/pin_sha256": _PIN,
            "/smtp/tls/cert_file": _CERT_FILE,
            "/smtp/tls/key_file": _KEY_FILE,
            "/smtp/timeout": _TIMEOUT,
            "/smtp/auth": _AUTH,
            "/username": _USERNAME,
            "/password": _SECRET,
            "/password/file": "password_file pass_file",
            "/password/env": "password_env pass_env",
            "/password/command": "password_command pass_cmd",
            "/oauth": "oauth2 oauth_2 o_auth",
            "/oauth/client_id": "clientid app_id application_id",
            "/oauth/tenant": "tenant_id directory_id",
            "/oauth/grant": "grant_type flow",
            "/oauth/scope": "scopes",
            "/oauth/token_url": "token_endpoint token_uri",
            "/email": _EMAIL,
            "/name": "from_name sender_name display_name mail_from_name full_name",
            "/reply_to": "reply reply_to_address reply_address replies_to",
            "/copy_to": "bcc copy cc archive bcc_to archive_to always_bcc bcc_address",
            "/http/url": _URL,
            "/protocol": "type transport driver mailer mail_mailer method backend",
            "/limits/per_minute": "rate rate_limit max_per_minute messages_per_minute",
            "/limits/per_day": "daily_limit max_per_day quota messages_per_day",
            "/limits/connections": "max_connections concurrency connection_limit pool_size",
            "/limits/per_session": "max_messages_per_session messages_per_session messages_per_connection",
            "/limits/per_message": "max_recipients recipients_per_message recipient_limit",
            "/delivery/retry": "retries retry_delays backoff retry_delay",
            "/delivery/lifetime": "expire ttl queue_lifetime maximal_queue_lifetime give_up_after",
            "/limits/max_size": "size_limit message_size_limit max_message_size maximum_size max_bytes",
            "/enabled": "active enable is_enabled",
            "/version": "schema_version config_version",
        }
    )
)
"""What a folded foreign word is called here, in an account file."""

SITE_SYNONYMS: Final = _by_word(
    {
        "/spool/path": "spool_dir spool_path spool_folder spool_directory queue_dir directory folder",
        "/web/listen": "bind listen_address metrics metrics_port prometheus http address web_listen",
        "/default_account": "account default fallback",
        "/routes": "rules routing",
        "/routes/*/accounts": "account via",
        "/routes/*/match/from": "sender mail_from",
        "/routes/*/match/to": "recipient rcpt rcpt_to",
        "/routes/*/match/header": "headers",
        "/dns/resolvers": "resolver nameserver nameservers dns_servers servers",
        "/log/level": "log_level verbosity",
        "/log/format": "log_format",
        "/delivery/retry": "retries retry_delays backoff retry_delay",
        "/delivery/lifetime": "expire ttl queue_lifetime maximal_queue_lifetime give_up_after",
        "/probe/interval": "check_interval probe_interval",
        "/probe/timeout": "probe_timeout check_timeout",
        "/routes/*/accounts/*/weight": "share priority",
        "/lint/severity": "severities levels",
        "/lint/ignore": "ignores disable ignored",
        "/version": "schema_version config_version",
    }
)
"""The same in maild.yaml."""

VALUE_SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "/protocol": {
            fold(word): value
            for value, words in {"smtp": "smtps esmtp email mail submission", "http": "https rest api web"}.items()
            for word in words.split()
        },
        "/smtp/tls/mode": {
            fold(word): value
            for value, words in {
                "implicit": "ssl tls ssl/tls tls/ssl smtps wrapper on yes true always",
                "starttls": "explicit start_tls required",
                "none": "off no false plain clear disabled insecure",
            }.items()
            for word in words.split()
        },
        "/smtp/tls/min_version": {
            fold(word): value
            for value, words in {"1.2": "tlsv1.2 tls1.2 tlsv1_2", "1.3": "tlsv1.3 tls1.3 tlsv1_3"}.items()
            for word in words.split()
        },
        "/smtp/auth": {
            fold(word): value
            for value, words in {
                "plain": "normal password basic on yes true",
                "cram-md5": "md5 cram encrypted",
                "scram-sha-256": "scram",
                "external": "certificate client_certificate client_cert tls_certificate mtls",
                "xoauth2": "oauth oauth2",
                "none": "off no false anonymous",
            }.items()
            for word in words.split()
        },
    }
)
"""What a folded foreign value is called here, by the pointer of its key."""

OPPORTUNISTIC: Final = frozenset(
    fold(word)
    for word in [
        "opportunistic",
        "starttls-if-available",
        "if-available",
        "tls-if-available",
        "may",
        "auto",
        "try",
        "when-available",
    ]
)
"""Words of other programs for encryption that is left out where the server does not offer it."""
