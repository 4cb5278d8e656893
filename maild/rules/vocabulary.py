"""The words that people bring along from other mail programs, and what maild calls the same things. Pure data.

Words of Django, Laravel, nodemailer, msmtp, Postfix, Thunderbird and the like, and those of `languages`, folded as
`spelling.fold` does it. A test holds every pointer against the schemas. `*` in a pointer stands for the number of a
list's entry.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from maild.config.fault import Pointer
from maild.rules.languages import WORDS
from maild.rules.spelling import fold

_HOST: Final = """server hostname host_name smtp_host smtp_server mail_server mail_host email_host smtp_hostname
    outgoing_server outgoing_mail_server outgoing_mail_server_smtp outgoing_smtp_server mail_server_name relay
    relay_host smart_host smtp_smarthost mailhub server_name server_address host_address smtp_server_name
    smtp_server_address smtp_address mta"""
_PORT: Final = "smtp_port mail_port email_port port_number server_port"
_MODE: Final = """ssl secure encryption security smtp_secure smtp_encryption mail_encryption starttls use_tls use_ssl
    email_use_tls email_use_ssl smtp_tls smtp_ssl tls_mode ssl_mode connection_security start_tls
    smtp_use_tls use_starttls encryption_method encryption_type security_type connection_type ssl_tls tls_ssl
    tls_starttls starttls_enable enable_starttls enable_starttls_auto smtp_require_tls require_tls tls_on_connect
    smtp_tls_security_level tls_security_level"""
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
_AUTH: Final = """auth_method authentication authentication_method smtp_authentication auth_type mechanism sasl
    auth_mechanism smtp_auth login_method"""
_USERNAME: Final = """user login user_name smtp_user smtp_username smtp_login email_host_user mail_username user_id
    auth_user auth_username smtp_auth_user smtp_auth_username account_name login_name access_key_id
    aws_access_key_id access_key"""
_SECRET: Final = """pass passwd pwd passphrase secret smtp_password smtp_pass email_host_password mail_password
    app_password auth_password auth_pass smtp_auth_password smtp_auth_pass api_key token credentials
    password_eval smtp_sasl_password_maps client_secret app_secret secret_access_key aws_secret_access_key secret_key
    sending_key"""  # noqa: S105 -- words, no password
_EMAIL: Final = """from sender mail_from from_address from_email default_from_email sender_email email_address mail
    e_mail address envelope_from mail_from_address smtp_from from_mail from_addr sender_address"""
_PROXY: Final = """proxy_url proxy_server proxy_host proxy_address socks socks5 socks_proxy socks5_proxy http_proxy
    https_proxy all_proxy"""
_PROXY_LOGIN: Final = "proxy_auth proxy_authentication proxy_credentials proxy_userpwd proxy_auth_basic"
_PROXY_USER: Final = "proxy_user proxy_username proxy_login_name"
_PROXY_SECRET: Final = "proxy_password proxy_pass proxy_passwd"  # noqa: S105 -- words, no password
_URL: Final = "endpoint uri base_url api_url service_url http_url server_url"


def _by_word(words_by_pointer: Mapping[str, str]) -> Mapping[str, tuple[Pointer, ...]]:
    found: dict[str, tuple[Pointer, ...]] = {}
    for pointer, words in words_by_pointer.items():
        for word in words.split():
            places = found.get(fold(word), ())
            if pointer not in places:
                found[fold(word)] = (*places, Pointer(pointer))
    return MappingProxyType(found)


def _with_languages(words_by_pointer: Mapping[str, str]) -> Mapping[str, str]:
    pointers = dict.fromkeys([*words_by_pointer, *WORDS])
    return {pointer: f"{words_by_pointer.get(pointer, '')} {WORDS.get(pointer, '')}" for pointer in pointers}


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
            "/smtp/proxy": _PROXY,
            "/smtp/proxy_login": _PROXY_LOGIN,
            "/smtp/proxy_login/username": _PROXY_USER,
            "/smtp/proxy_login/password": _PROXY_SECRET,
            "/username": _USERNAME,
            "/password": _SECRET,
            "/password/file": "password_file pass_file path filename",
            "/password/env": "password_env pass_env variable env_var environment environment_variable var",
            "/password/command": "password_command pass_cmd cmd exec program",
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
            "/http/kind": "service_type api_type service_kind vendor",
            "/http/region": "aws_region region_name aws_default_region location datacenter data_center",
            "/http/domain": "mailgun_domain sending_domain domain_name mail_domain",
            "/http/key_header": "header header_name auth_header api_key_header key_field authorization_header",
            "/http/envelope": "envelope_in envelope_place recipients_in",
            "/http/tls/verify": _VERIFY,
            "/http/tls/ca_file": _CA_FILE,
            "/http/tls/min_version": _MIN_VERSION,
            "/http/tls/pin_sha256": _PIN,
            "/http/tls/cert_file": _CERT_FILE,
            "/http/tls/key_file": _KEY_FILE,
            "/http/timeout": _TIMEOUT,
            "/http/proxy": _PROXY,
            "/http/proxy_login": _PROXY_LOGIN,
            "/http/proxy_login/username": _PROXY_USER,
            "/http/proxy_login/password": _PROXY_SECRET,
            "/protocol": "type transport driver mailer mail_mailer method backend",
            "/dns/dkim_selectors": "dkim_selector dkim selector selectors",
            "/dns/sends_from": "sending_addresses sending_ips egress outbound_ips",
            "/limits/per_minute": "rate rate_limit max_per_minute messages_per_minute",
            "/limits/per_day": "daily_limit max_per_day quota messages_per_day",
            "/limits/connections": "max_connections concurrency connection_limit pool_size",
            "/limits/per_session": "max_messages_per_session messages_per_session messages_per_connection",
            "/limits/per_message": "max_recipients recipients_per_message recipient_limit",
            "/delivery/retry": "retries retry_delays backoff retry_delay",
            "/delivery/lifetime": "expire ttl queue_lifetime maximal_queue_lifetime give_up_after",
            "/limits/max_size": "size_limit message_size_limit max_message_size maximum_size max_bytes",
            "/enabled": "active enable is_enabled",
            "/version": "schema_version config_version maild_version",
        }
    )
)
"""What a folded foreign word is called here, in an account file."""

_LEADS: Final = ("smtp", "mail", "email", "outgoing")


def foreign_places(word: str) -> tuple[Pointer, ...]:
    """What a folded foreign word is called in an account file, `smtp` and the like before it or not."""
    bare = next((word.removeprefix(lead) for lead in _LEADS if word.startswith(lead)), "")
    return ACCOUNT_SYNONYMS.get(word) or ACCOUNT_SYNONYMS.get(bare, ())


SITE_SYNONYMS: Final = _by_word(
    {
        "/spool/path": "spool_dir spool_path spool_folder spool_directory queue_dir directory folder",
        "/spool/queue": "database shared_queue postgres postgresql queue_url queue_uri database_url dsn",
        "/spool/password": "queue_password database_password db_password",
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

_VERSIONS: Final = MappingProxyType(
    {
        fold(word): value
        for value, words in {"1.2": "tlsv1.2 tls1.2 tlsv1_2", "1.3": "tlsv1.3 tls1.3 tlsv1_3"}.items()
        for word in words.split()
    }
)

VALUE_SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "/protocol": {
            fold(word): value
            for value, words in {
                "smtp": "smtps esmtp email mail submission smtp/tls smtp/ssl smtp/starttls tls ssl starttls sendmail",
                "http": "https rest api web http/https",
            }.items()
            for word in words.split()
        },
        "/smtp/tls/mode": {
            fold(word): value
            for value, words in {
                "implicit": "ssl tls ssl/tls tls/ssl smtps wrapper on yes true always ja oui si sí sim tak encrypt "
                "encrypted enabled tlsv1.2 tls1.2 tlsv1.3 tls1.3 sslv3",
                "starttls": "explicit start_tls required starttls/tls tls/starttls starttls_required",
                "none": "off no false plain clear disabled insecure nein non nee não nie keine aucun ninguno nessuno",
            }.items()
            for word in words.split()
        },
        "/smtp/tls/min_version": _VERSIONS,
        "/http/tls/min_version": _VERSIONS,
        "/smtp/auth": {
            fold(word): value
            for value, words in {
                "plain": "normal password basic normal_password password_normal passwort_normal passwort kennwort "
                "normales_passwort mot_de_passe_normal contraseña_normal password_normale plain_text cleartext "
                "password_cleartext auth_plain on yes true ja oui si sí tak",
                "login": "auth_login",
                "cram-md5": "md5 cram encrypted encrypted_password verschlüsseltes_passwort passwort_verschlüsselt "
                "mot_de_passe_chiffré contraseña_cifrada password_crittografata",
                "scram-sha-256": "scram",
                "external": "certificate client_certificate client_cert tls_certificate mtls",
                "xoauth2": "oauth oauth2 oauth_2.0 modern",
                "none": "off no false anonymous no_authentication keine nein non aucun ninguno nessuna",
            }.items()
            for word in words.split()
        },
    }
)
"""What a folded foreign value is called here, by the pointer of its key."""

READING: Final = MappingProxyType({fold(word): word for word in ("IMAP", "IMAPS", "POP", "POP3", "POP3S", "IMAP4")})
"""The protocols that mail is read by, which people take for that of sending it."""

NEEDLESS: Final[Mapping[str, str]] = MappingProxyType(
    {
        fold(word): sentence
        for sentence, words in {
            "An account is named by its file; delete this line.": "account account_name id profile label title",
            "Begin the line with `#` if it is a remark: `# …`.": "comment comments remark note notes description todo",
            "maild only sends mail, so it needs nothing about the server that mail is read from; delete it.": """imap
                imaps pop pop3 incoming incoming_server inbox imap_host imap_server pop_host imap_port posteingang
                posteingangsserver serveur_entrant servidor_de_entrada""",
        }.items()
        for word in words.split()
    }
)
"""What to say of keys that an account has elsewhere and that have no like here."""

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
