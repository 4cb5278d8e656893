"""`maild queue import`: puts messages into the drop folder again: exported ones, failed ones, rejected ones.

Works with and without a daemon, as every drop does. A file of `failed/` or `rejected/` goes away only when its message
is durable in the drop folder, and an idempotency key makes a crash in between, or a second import, harmless. From
`failed/` it goes to those who did not get it; from `rejected/` under its old name, so that its receipt goes on.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import click

from maild.cli.options import config_option, spool_option
from maild.cli.site import find_place
from maild.cli.words import account_names
from maild.errors import MaildError, PermanentError
from maild.spool.drop import write_drop
from maild.spool.drop.again import drop_again
from maild.spool.drop.name import SIDECAR_SUFFIX, SUFFIX
from maild.spool.layout import Layout
from maild.spool.sidecar import MAX_SIDECAR_BYTES, Sidecar, SidecarError, parse_sidecar

_RECEIPT_LIMIT: Final = 64 * 1024 * 1024
_LARGEST: Final = 1_002_000_000
"""The most that `intake.max_size` can be, and what maild adds to a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A file to import; `leftovers` go away with it, None: it stays where it is."""

    file: Path
    leftovers: tuple[Path, ...] | None


@click.command("import")
@click.argument("names", metavar="[PATH | ID | NAME ..]", nargs=-1)
@click.option("--failed", is_flag=True, help="What lies in failed/: all of it, or these IDs.")
@click.option("--rejected", is_flag=True, help="What lies in rejected/: all of it, or these file names.")
@click.option("--account", metavar="NAME", shell_complete=account_names, help="Send through this account now.")
@click.option("--dry-run", is_flag=True, help="Only say which would be imported.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@config_option
@spool_option
def import_(names: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 -- click hands over what the options say
    """Queue messages again: exported files or folders of them, what failed, or what was rejected.

    \b
      maild queue import --failed               everything that failed, for those who did not get it
      maild queue import --rejected bad.eml     after it was mended in rejected/
      maild queue import /tmp/moved
    """  # noqa: D301 -- click wants the control character: keep these lines as they are
    layout = Layout(find_place(options["config"], options["spool"]).spool)
    if options["failed"] and options["rejected"]:
        raise click.UsageError("Either --failed or --rejected.")
    if not names and not options["failed"] and not options["rejected"]:
        raise click.UsageError("Name files or folders, or say --failed or --rejected.")
    sources = list(_sources(layout, names, failed=options["failed"], rejected=options["rejected"]))
    done = 0
    for source in sources:
        try:
            drop = None if options["dry_run"] else _import_one(layout, source, options)
        except (OSError, MaildError, ValueError) as error:
            click.echo(f"{source.file}: not imported: {error}", err=True)
            continue
        done += 1
        line = {"file": str(source.file), "drop": drop}
        click.echo(json.dumps(line) if options["as_json"] else f"{source.file}{'' if drop is None else f' -> {drop}'}")
    if not options["as_json"]:
        click.echo(f"{done} {'would be ' if options['dry_run'] else ''}imported")
    return 0 if done == len(sources) else 1


def _sources(layout: Layout, names: tuple[str, ...], *, failed: bool, rejected: bool) -> Iterator[_Source]:
    if failed:
        yield from (_failed(file) for file in _in_folder(layout.failed, names))
    elif rejected:
        yield from (_rejected(file) for file in _in_folder(layout.rejected, names))
    else:
        for path in map(Path, names):
            files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
            yield from (_Source(file=file, leftovers=None) for file in files)


def _in_folder(folder: Path, names: tuple[str, ...]) -> list[Path]:
    try:
        there = sorted(folder.glob(f"*{SUFFIX}"))
    except PermissionError as error:
        raise PermanentError(f"{folder} may not be read here: become the user that the daemon runs as.") from error
    if not names:
        return there
    wanted = {name if name.endswith(SUFFIX) else f"{name}{SUFFIX}" for name in names}
    missing = wanted - {file.name for file in there}
    if missing:
        raise PermanentError(f"Not in {folder}: {', '.join(sorted(missing))}.")
    return [file for file in there if file.name in wanted]


def _failed(file: Path) -> _Source:
    return _Source(file=file, leftovers=(file.with_suffix(".json"),))


def _rejected(file: Path) -> _Source:
    sidecar = file.with_name(file.name[: -len(SUFFIX)] + SIDECAR_SUFFIX)
    return _Source(file=file, leftovers=(sidecar, file.with_name(f"{file.name}.json")))


def _import_one(layout: Layout, source: _Source, options: dict[str, Any]) -> str:
    content = _read(source.file, _LARGEST)
    envelope = _envelope(source.file)
    if options["rejected"]:
        keyed = _with_key(envelope or Sidecar(), source.file)
        drop = drop_again(layout, _old_name(source.file), content, keyed, account=options["account"])
    else:
        account = options["account"]
        if envelope is not None and account is not None:
            envelope = replace(envelope, account=account)
        drop = write_drop(layout, content, account=account, envelope=envelope)
    # Whatever was removed last, what is left is imported as the same message or is of no use.
    for leftover in () if source.leftovers is None else (source.file, *source.leftovers):
        leftover.unlink(missing_ok=True)
    return drop


def _with_key(envelope: Sidecar, file: Path) -> Sidecar:
    """The envelope with a key that names this very file, unless it has one."""
    if envelope.idempotency_key is not None:
        return envelope
    status = file.stat()
    return replace(envelope, idempotency_key=f"again {status.st_ino}.{status.st_mtime_ns}")


def _old_name(file: Path) -> str:
    with suppress(FileNotFoundError, ValueError):
        reason = json.loads(_read(file.with_name(f"{file.name}.json"), _RECEIPT_LIMIT))
        if isinstance(reason, dict) and isinstance(reason.get("drop"), str):
            return str(reason["drop"])
    return file.name


def _envelope(file: Path) -> Sidecar | None:
    """The envelope file beside it, else what `failed/` says of who did not get it, else nothing: the header decides."""
    stem = file.name[: -len(SUFFIX)]
    with suppress(FileNotFoundError):
        return parse_sidecar(_read(file.with_name(stem + SIDECAR_SUFFIX), MAX_SIDECAR_BYTES + 1))
    with suppress(FileNotFoundError):
        kept = json.loads(_read(file.with_name(f"{stem}.json"), _RECEIPT_LIMIT))
        if isinstance(kept, dict) and "envelope" in kept:
            return _of_failed(kept)
    return None


def _of_failed(kept: dict[str, Any]) -> Sidecar:
    envelope = parse_sidecar(json.dumps(kept["envelope"]).encode())
    if not envelope.recipients:
        raise SidecarError("everybody got it")
    return envelope


def _read(file: Path, limit: int) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as opened:
        data = opened.read(limit + 1)
    if len(data) > limit:
        raise PermanentError("it is too large")
    return data
