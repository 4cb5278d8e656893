"""The text of a new account file, from what is known of the provider, with comments that say what to do next. Pure.

Every value is quoted where YAML would take it for something else, and nothing that was typed goes into a comment.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from maild.config.draft import DEFAULT_PORT
from maild.mail.address import Mailbox
from maild.providers import IMPLICIT, Provider, ServerPort, UsernameForm
from maild.providers.oauth import oauth_service_for

_WIDTH: Final = 118
_PLAIN: Final = re.compile(r"[a-z][a-z0-9-]*(?:[.+@_-][a-z0-9-]+)+", re.IGNORECASE)
"""A host or an address: begins with a letter and is no word, number or date of YAML's."""
_SUBMISSION: Final = ServerPort(port=DEFAULT_PORT, mode=IMPLICIT)
TRUST: Final = (
    "What maild believes, in this order: what you say, what it knows of the address's mail company, the domain's "
    "autoconfig by HTTPS, the company that its MX records name, its SRV records."
)
_TOKEN_MECHANISM: Final = "xoauth2"  # noqa: S105 -- the name of the mechanism


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What has to be known for an account file.

    Attributes:
        name: the account's name.
        address: the sender.
        host: the server.
        username: the login name.
        provider: whose server it is; None for one's own and for companies that maild does not know.
        port: what the domain says of it; None: the best that the provider documents.
        origin: where the server was found, in words; None: it was given, or belongs to the address.
        schema: where editors find the schema, as a path from the file; None: it is not near.
    """

    name: str
    address: Mailbox
    host: str
    username: str
    provider: Provider | None
    port: ServerPort | None = None
    origin: str | None = None
    schema: str | None = None


def default_name(address: Mailbox) -> str:
    """The account's name when none is given: what stands before the @, as far as it can be a file's name."""
    return _file_name(address.local)


def known_host(provider: Provider, domain: str) -> str | None:
    """The provider's usual server for addresses at this domain; None when every customer has another one."""
    host = provider.hosts[0]
    if "*" in host:
        return None
    return host if domain in provider.mail_domains else provider.own_domain_hosts.get(host, host)


def known_username(provider: Provider | None, address: Mailbox) -> str | None:
    """The login name that follows from the address; None when the provider hands out one of its own."""
    form = UsernameForm.ADDRESS if provider is None else provider.username
    match form:
        case UsernameForm.ADDRESS | UsernameForm.ADDRESS_OR_LOCAL_PART:
            return str(address)
        case UsernameForm.LOCAL_PART:
            return address.local
        case _:
            return None if provider is None else provider.fixed_username


def account_text(new: NewAccount) -> str:
    """The whole file."""
    return "\n".join([*_head(new), *_settings(new), *_choices()]) + "\n"


def _head(new: NewAccount) -> Iterator[str]:
    provider = new.provider
    if new.schema is not None:
        yield f"# yaml-language-server: $schema={new.schema}"
    if provider is None:
        return
    if new.schema is not None:
        yield "#"
    yield from _comment(f"{provider.title}. {provider.password_advice}")
    yield from (f"# {source.url} (read on {source.checked})" for source in provider.sources)


def _settings(new: NewAccount) -> Iterator[str]:
    provider = new.provider
    yield "version: 1"
    yield "protocol: smtp"
    yield "smtp:"
    others = [] if provider is None else [host for host in provider.hosts if host != new.host and "*" not in host]
    if others:
        yield from (f"  {line}" for line in _comment(f"Other servers of the same company: {', '.join(others)}"))
    if new.origin is not None:
        yield from (f"  {line}" for line in _comment(f"Found in {new.origin}. {TRUST}"))
    yield f"  host: {_scalar(new.host)}"
    best = _best_port(provider) if new.port is None else new.port
    words = _port_words(provider) if new.port is None else "as the domain says"
    yield f"  port: {best.port}{' ' * 18}# {words}"
    yield f"  tls: {{mode: {best.mode}, verify: true}}"
    service = None if provider is None or not provider.changes else oauth_service_for(provider.id)
    if service is not None:
        yield f"  auth: {_TOKEN_MECHANISM}              # passwords no longer work, or soon will not"
    yield f"username: {_scalar(new.username)}"
    # A username that is an address is the sender, unless `email` says otherwise.
    if new.username != str(new.address):
        yield f"email: {_scalar(str(new.address))}"
    if service is not None:
        yield "# maild gets access tokens itself (OAuth 2.0): register an application with the company that may send by"
        yield "# SMTP and takes a login by device, write its id here, and run `maild account login` once."
        yield f'oauth: {{provider: {service.id}, client_id: "11112222-3333-4444-5555-666677778888"}}'
        return
    yield "# Never the password itself, only where it is: a systemd credential (LoadCredential= in the unit), or"
    yield "# {env: NAME}, {file: PATH}, {command: [PROGRAM, ARGUMENT]}."
    yield f"password: {{credential: {json.dumps(_file_name(new.name))}}}"


def _choices() -> Iterator[str]:
    yield "# name: Example Shop                 # the sender's name beside the address"
    yield "# reply_to: office@example.com       # where replies go"
    yield "# copy_to: archive@example.com       # gets a copy of every message"


def _best_port(provider: Provider | None) -> ServerPort:
    """TLS from the first byte on the port that is meant for it, else the first that the provider names."""
    return _SUBMISSION if provider is None else provider.best_port


def _port_words(provider: Provider | None) -> str:
    if provider is None:
        return "465, or 587 with mode starttls: your mail company says which"
    return "documented: " + ", ".join(f"{known.port} ({known.mode})" for known in provider.ports)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)]


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-_") or "account"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
