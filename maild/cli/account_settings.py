"""Every setting that is in force for an account, in the words of the account file, defaults included. Pure.

The password is here as its reference alone. A value that the report hides, such as a token in a place where none
belongs, is hidden here too, and so is what a URL says behind its `?`: services take their keys there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePath
from typing import Final, TypeAlias, assert_never

from maild.config.delivery_settings import AccountDelivery
from maild.config.document import Document
from maild.config.fault import Pointer
from maild.config.load import LoadedAccount
from maild.config.mail_service import service_provider, service_url
from maild.config.model import Account, HttpKind, HttpSettings, Limits, SmtpSettings
from maild.config.plain import format_duration
from maild.config.proxy import Proxy
from maild.config.size import format_size
from maild.delivery.budget import DEFAULT_CONNECTIONS, effective_limits
from maild.net.oauth.endpoints import Endpoints
from maild.providers.catalogue import provider_of
from maild.secret import describe

Value: TypeAlias = str | int | bool | list[str] | None

HIDDEN: Final = "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting.

    Attributes:
        key: its place in the account file, such as `smtp.tls.mode`.
        value: as the file would have it; None where nothing is set.
        absent: what it means that nothing is set.
        origin: where the value comes from when the file does not say it; None when it does, or nothing is set.
    """

    key: str
    value: Value
    absent: str = "none"
    origin: str | None = None


def settings_of(account: Account, loaded: LoadedAccount, masked: str) -> tuple[Setting, ...]:
    """The settings in the order of the account file.

    Args:
        account: the account.
        loaded: the file that it stands in.
        masked: the file's text without its secrets, from the report.
    """
    assert loaded.document is not None, "an account has been built of a document"
    return tuple(
        replace(setting, value=_shown(setting.value, loaded.text, masked), origin=_origin(setting, loaded.document))
        for setting in _settings(account)
    )


def without_query(url: str) -> str:
    """The URL with whatever stands behind its question mark hidden."""
    before, mark, behind = url.partition("?")
    return f"{before}?{HIDDEN}" if mark and behind else url


def shown_text(text: str, source: str, masked: str) -> str:
    """The text without words that stand in the source and have been taken out of its masked form."""
    before, after = source.lower(), masked.lower()
    words = {word for word in (text, *text.split()) if word.lower() in before and word.lower() not in after}
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, HIDDEN)
    return text


def _shown(value: Value, source: str, masked: str) -> Value:
    match value:
        case str():
            return shown_text(value, source, masked)
        case list():
            return [shown_text(one, source, masked) for one in value]
        case _:
            return value


def _origin(setting: Setting, document: Document) -> str | None:
    is_written = Pointer("/" + setting.key.replace(".", "/")) in document.marks
    return None if is_written or setting.value is None else setting.origin


def _settings(account: Account) -> Iterator[Setting]:
    match account.transport:
        case SmtpSettings() as smtp:
            yield Setting(key="protocol", value="smtp")
            yield from _smtp(smtp, has_login=account.username is not None)
            yield from _login(account, email_origin="the username")
        case HttpSettings() as http:
            yield Setting(key="protocol", value="http")
            yield from _http(http)
            if http.kind is HttpKind.FORM:
                yield Setting(key="email", value=str(account.sender), origin="the first of reply_to")
            else:
                yield from _login(account, email_origin="the username")
        case _:
            assert_never(account.transport)
    yield Setting(key="reply_to", value=[str(one) for one in account.reply_to] or None)
    yield Setting(key="reply_to_policy", value=account.reply_to_policy.value, origin="default")
    yield Setting(key="name", value=account.display_name)
    yield Setting(key="copy_to", value=None if account.copy_to is None else str(account.copy_to))
    yield from _limits(account)
    yield from _delivery(account.delivery)
    yield Setting(key="enabled", value=account.is_enabled, origin="default")


def _login(account: Account, *, email_origin: str) -> Iterator[Setting]:
    yield Setting(key="username", value=account.username, absent="none, so there is no login")
    yield Setting(key="email", value=str(account.sender), origin=email_origin)
    yield Setting(key="password", value=None if account.password is None else describe(account.password))
    yield from _oauth(account)


def _oauth(account: Account) -> Iterator[Setting]:
    oauth = account.oauth
    if oauth is None:
        return
    known = Endpoints.of(account, oauth)
    yield Setting(key="oauth.provider", value=oauth.provider.value)
    yield Setting(key="oauth.grant", value=oauth.grant.value, origin="default")
    yield Setting(key="oauth.client_id", value=oauth.client_id)
    yield Setting(key="oauth.tenant", value=oauth.tenant)
    yield Setting(key="oauth.scope", value=known.scope or None, origin="what sending needs")
    yield Setting(key="oauth.token_url", value=without_query(known.token_url) or None, origin=known.title)
    yield Setting(key="oauth.device_url", value=without_query(known.device_url or "") or None, origin=known.title)


def _smtp(smtp: SmtpSettings, *, has_login: bool) -> Iterator[Setting]:
    yield Setting(key="smtp.host", value=smtp.host)
    yield Setting(key="smtp.port", value=smtp.port, origin="default")
    yield Setting(key="smtp.tls.mode", value=smtp.tls.mode.value, origin="follows from the port")
    yield Setting(key="smtp.tls.verify", value=smtp.tls.verify, origin="default")
    yield Setting(
        key="smtp.tls.ca_file", value=_path(smtp.tls.ca_file), absent="none, so the system's certificates are trusted"
    )
    yield Setting(key="smtp.tls.min_version", value=smtp.tls.min_version.value, origin="default")
    yield Setting(key="smtp.tls.pin_sha256", value=[str(pin) for pin in smtp.tls.pins] or None)
    yield Setting(key="smtp.tls.cert_file", value=_path(smtp.tls.cert_file))
    yield Setting(key="smtp.tls.key_file", value=_path(smtp.tls.key_file))
    absent = "the strongest that both sides have" if has_login else "none"
    yield Setting(key="smtp.auth", value=None if smtp.auth is None else smtp.auth.value, absent=absent)
    yield Setting(key="smtp.timeout", value=_duration(smtp.timeout), absent="what each step usually may take")
    yield from _proxy("smtp", smtp.proxy)


def _http(http: HttpSettings) -> Iterator[Setting]:
    yield Setting(key="http.kind", value=http.kind.value, origin="default")
    yield Setting(key="http.url", value=without_query(service_url(http)), origin="where the service is")
    if http.kind is not HttpKind.FORM:
        yield Setting(key="http.region", value=http.region)
        yield Setting(key="http.domain", value=http.domain)
        yield Setting(key="http.key_header", value=http.key_header)
        yield Setting(key="http.envelope", value=http.envelope.value, origin="default")
    yield Setting(key="http.tls.verify", value=http.tls.verify, origin="default")
    absent = "none, so the system's certificates are trusted"
    yield Setting(key="http.tls.ca_file", value=_path(http.tls.ca_file), absent=absent)
    yield Setting(key="http.tls.min_version", value=http.tls.min_version.value, origin="default")
    yield Setting(key="http.tls.pin_sha256", value=[str(pin) for pin in http.tls.pins] or None)
    yield Setting(key="http.tls.cert_file", value=_path(http.tls.cert_file))
    yield Setting(key="http.tls.key_file", value=_path(http.tls.key_file))
    yield Setting(key="http.timeout", value=_duration(http.timeout), absent="what a request usually may take")
    yield from _proxy("http", http.proxy)


def _proxy(section: str, proxy: Proxy | None) -> Iterator[Setting]:
    yield Setting(key=f"{section}.proxy", value=None if proxy is None else str(proxy), absent="none")
    if proxy is not None and proxy.login is not None:
        yield Setting(key=f"{section}.proxy_login.username", value=proxy.login.username)
        yield Setting(key=f"{section}.proxy_login.password", value=describe(proxy.login.password))


def _delivery(delivery: AccountDelivery) -> Iterator[Setting]:
    delays = None if delivery.retry is None else [format_duration(delay) for delay in delivery.retry]
    yield Setting(key="delivery.retry", value=delays, absent=_AS_THE_SITE)
    lifetime = None if delivery.lifetime is None else format_duration(delivery.lifetime)
    yield Setting(key="delivery.lifetime", value=lifetime, absent=_AS_THE_SITE)
    policy = None if delivery.on_uncertain is None else delivery.on_uncertain.value
    yield Setting(key="delivery.on_uncertain", value=policy, absent=_AS_THE_SITE)


_AS_THE_SITE: Final = "as in maild.yaml"


def _path(path: PurePath | None) -> str | None:
    return None if path is None else str(path)


def _duration(duration: timedelta | None) -> str | None:
    return None if duration is None else f"{duration.total_seconds():g}s"


def _limits(account: Account) -> Iterator[Setting]:
    limits: Limits = effective_limits(account)
    match account.transport:
        case SmtpSettings(host=host):
            provider = provider_of(host)
        case HttpSettings() as http:
            provider = service_provider(http)
        case _:
            assert_never(account.transport)
    origin = "default" if provider is None else f"the limit of {provider.title}"
    yield Setting(key="limits.per_minute", value=limits.per_minute, absent="no limit", origin=origin)
    yield Setting(key="limits.per_day", value=limits.per_day, absent="no limit", origin=origin)
    connections = limits.connections
    yield Setting(
        key="limits.connections",
        value=connections or DEFAULT_CONNECTIONS,
        origin="default" if connections is None else origin,
    )
    yield Setting(key="limits.per_session", value=limits.per_session, absent="500", origin=origin)
    yield Setting(key="limits.per_message", value=limits.per_message, absent="100", origin=origin)
    size = None if limits.max_bytes is None else format_size(limits.max_bytes)
    yield Setting(key="limits.max_size", value=size, absent="what the server takes")
