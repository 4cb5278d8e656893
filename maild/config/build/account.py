"""From a document to an account: first a draft of what is valid, then the account when nothing is wrong."""

from dataclasses import dataclass

from maild.config.build.condense import condense
from maild.config.build.draft import address_of, read_draft
from maild.config.build.reader import Reader
from maild.config.document import Document
from maild.config.draft import AccountDraft
from maild.config.envelope_place import EnvelopePlace
from maild.config.fault import Fault
from maild.config.model import (
    Account,
    HttpKind,
    HttpSettings,
    HttpTls,
    ReplyToPolicy,
    SmtpSettings,
    Tls,
    TlsVersion,
)
from maild.config.schema import validate_account
from maild.config.url import NoUrl, parse_url


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltAccount:
    """An account with what is wrong with it; `account` is None exactly when there are faults."""

    draft: AccountDraft
    faults: tuple[Fault, ...]
    account: Account | None


def build_account(name: str, document: Document) -> BuiltAccount:
    """The account that a document describes."""
    structure = validate_account(document)
    reader = Reader(document, structure)
    draft = read_draft(document, reader)
    faults = condense(document, (*structure, *reader.faults))
    # What stands behind a tag was not read and makes no fault here, yet it may be all that there is.
    is_whole = not faults and not document.unread
    return BuiltAccount(draft=draft, faults=faults, account=_account(name, draft) if is_whole else None)


def _account(name: str, draft: AccountDraft) -> Account:
    is_http, is_form = draft.protocol == "http", draft.kind in {None, HttpKind.FORM}
    return Account(
        name=name,
        transport=_http(draft) if is_http else _smtp(draft),
        username=draft.username,
        # What says the same twice makes no other account than what says it once.
        email=None if draft.email == address_of(draft.username) else draft.email,
        password=draft.password,
        oauth=draft.oauth,
        reply_to=draft.reply_to,
        reply_to_policy=draft.reply_to_policy or (ReplyToPolicy.REPLACE if is_http and is_form else ReplyToPolicy.KEEP),
        display_name=draft.name,
        copy_to=draft.copy_to,
        limits=draft.limits,
        delivery=draft.delivery,
        dns=draft.dns,
        is_enabled=draft.enabled is not False,
    )


def _smtp(draft: AccountDraft) -> SmtpSettings:
    assert draft.host is not None, "a draft without faults has a host"
    tls = Tls(
        mode=draft.effective_tls_mode,
        verify=draft.verify is not False,
        ca_file=draft.ca_file,
        min_version=draft.min_version or TlsVersion.TLS_1_2,
        pins=draft.pins,
        cert_file=draft.cert_file,
        key_file=draft.key_file,
    )
    return SmtpSettings(
        host=draft.host,
        port=draft.effective_port,
        tls=tls,
        auth=draft.auth,
        timeout=draft.timeout,
        proxy=draft.proxy,
    )


def _http(draft: AccountDraft) -> HttpSettings:
    parsed = None if draft.url is None else parse_url(draft.url)
    assert not isinstance(parsed, NoUrl)
    tls = HttpTls(
        verify=draft.http_verify is not False,
        ca_file=draft.http_ca_file,
        min_version=draft.min_version or TlsVersion.TLS_1_2,
        pins=draft.pins,
        cert_file=draft.cert_file,
        key_file=draft.key_file,
    )
    return HttpSettings(
        url="" if parsed is None else parsed.url,
        kind=draft.kind or HttpKind.FORM,
        tls=tls,
        timeout=draft.timeout,
        region=draft.region,
        domain=draft.domain,
        key_header=draft.key_header,
        envelope=draft.envelope or EnvelopePlace.HEADERS,
        proxy=draft.proxy,
    )
