"""The accounts of a site as `maild test` and `maild probe` need them: valid or not.

Shell code: it reads the configuration folder. What can go wrong: no such folder or account (`UsageError`), a maild.yaml
that cannot be used (`ConfigError`). Errors of an account are in `report` and concern that account alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from maild.cli.batches import read_batches
from maild.config.load import LoadedAccount, LoadedSite
from maild.config.model import Site
from maild.config.place import config_folder, spool_root
from maild.diagnostics import Diagnostic, Report, Severity
from maild.errors import ConfigError, UsageError
from maild.rules.engine import check_files
from maild.rules.subject import SecretChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A site's accounts.

    Attributes:
        folder: the configuration folder.
        site: what maild.yaml says, the defaults where there is none.
        report: what `maild check` says of the files; its sources hold no passwords.
        strays: a diagnostic for each file that could not be read, or means the same as another one.
    """

    folder: Path
    site: Site
    accounts: tuple[LoadedAccount, ...]
    report: Report
    strays: tuple[Diagnostic, ...] = ()

    def find(self, name: str) -> LoadedAccount:
        """The account of that name.

        Raises:
            UsageError: there is none.
        """
        for account in self.accounts:
            if account.name == name:
                return account
        names = [account.name for account in self.accounts]
        close = get_close_matches(name, names, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(names) or 'none at all'}."
        raise UsageError(f"There is no account {name}. {hint}")

    def errors_of(self, account: LoadedAccount) -> Report:
        """What keeps this account from being used, as `maild check` reports it."""
        found = [one for one in self.report.of_file(account.file) if one.severity is Severity.ERROR]
        return Report.of(found, sources=self.report.sources, files_checked=1)

    def spool(self, given: str | None, *, environ: Mapping[str, str], home: Path) -> Path:
        """The spool folder: as given, else $MAILD_SPOOL, else what the site says. It need not exist."""
        named = given or environ.get("MAILD_SPOOL")
        return Path(named) if named else spool_root(self.site, self.folder, environ, home)


def read_roster(
    config: str | None, *, environ: Mapping[str, str], now: datetime, secrets: SecretChecker | None = None
) -> Roster:
    """The accounts of that configuration folder; None: of the usual one. `secrets` looks for the passwords.

    Raises:
        UsageError: there is no such folder, or no configuration in it.
        ConfigError: maild.yaml has errors.
    """
    given = config or environ.get("MAILD_CONFIG") or None
    folder = config_folder(None if given is None else Path(given), Path())
    batch = next(iter(read_batches([folder])))
    report = check_files(batch.loaded, now=now, lint=batch.lint, secrets=secrets, accounts=batch.accounts)
    return Roster(
        folder=folder,
        site=_site(batch.loaded),
        accounts=tuple(loaded for loaded in batch.loaded if isinstance(loaded, LoadedAccount)),
        report=report,
        strays=(*batch.unreadable, *batch.duplicates),
    )


def _site(loaded: Sequence[LoadedAccount | LoadedSite]) -> Site:
    found = next((file for file in loaded if isinstance(file, LoadedSite)), None)
    if found is None:
        return Site()
    if found.site is None:
        raise ConfigError(f"{found.file} has errors: see `maild check {found.file}`.")
    return found.site
