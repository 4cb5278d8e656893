"""What is shown beside a key, a value or a server, as Markdown. Pure.

Everything here comes from the schemas and the facts about providers; nothing from the file
itself, so no secret of it can be in it.
"""

from collections.abc import Iterator
from datetime import date

from maild.cli.lsp.lexicon import Choice, Schema, choices, written
from maild.providers import Provider
from maild.providers.provider import UsernameForm

_USERNAMES = {
    UsernameForm.ADDRESS: "the whole e-mail address",
    UsernameForm.ADDRESS_OR_LOCAL_PART: "the whole e-mail address, or what stands before the @ of it",
    UsernameForm.ISSUED: "the login that its console shows",
    UsernameForm.LOCAL_PART: "what stands before the @ of the address",
}


def key_page(path: str, schema: Schema) -> str:
    """A key: what it is for, and what can stand there."""
    found = tuple(choices(schema))
    lines = [f"- `{written(choice.value)}`: {described(choice)}" for choice in found if choice.description]
    examples = [f"`{written(example)}`" for example in schema.get("examples", ())]
    facts = [
        f"Default: `{written(schema['default'])}`." if "default" in schema else "",
        f"Example: {', '.join(examples)}." if examples else "",
    ]
    parts = [
        f"**{schema.get('title', path)}** `{path}`",
        schema.get("description", ""),
        "\n".join(lines),
        " ".join(fact for fact in facts if fact),
    ]
    return "\n\n".join(part for part in parts if part)


def choice_page(choice: Choice) -> str:
    """One of a key's values."""
    return f"`{written(choice.value)}`: {described(choice)}"


def described(choice: Choice) -> str:
    """A choice's title and description as one text."""
    title = choice.title.removeprefix(f"{written(choice.value)}: ")
    return ". ".join(part for part in (title, choice.description) if part)


def provider_page(provider: Provider, *, today: date) -> str:
    """What is known of the mail company whose server is named, and of when."""
    return "\n".join([f"**{provider.title}**", "", *(f"- {fact}" for fact in _facts(provider, today))])


def _facts(provider: Provider, today: date) -> Iterator[str]:
    yield f"Ports: {', '.join(f'{known.port} ({known.mode})' for known in provider.ports)}"
    name = f"always `{provider.fixed_username}`" if provider.fixed_username else _USERNAMES[provider.username]
    yield f"User name: {name}"
    yield f"Password: {provider.password_advice}"
    limits = provider.limits
    known = [(limits.per_minute, "a minute"), (limits.per_day, "a day"), (limits.connections, "connections at once")]
    if stated := [f"{number} {unit}" for number, unit in known if number is not None]:
        yield f"Limits at most: {', '.join(stated)}"
    for change in provider.changes:
        when = "since" if change.day <= today else "from"
        yield f"{when.capitalize()} {change.day.isoformat()}: {change.what} {change.advice}"
    yield f"Read {provider.checked.isoformat()} at {', '.join(f'<{source.url}>' for source in provider.sources)}"
