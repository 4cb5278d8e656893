"""Loads text as a file of the configuration and runs the rules over it, with everything around it known."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath

from maild.config.lint import LintSettings
from maild.config.load import LoadedAccount, LoadedSite, load_account, load_site
from maild.diagnostics import Report
from maild.rules.engine import check_files
from maild.rules.subject import Exposure, PemKind
from maild.secret import CommandRef, CredentialRef, EnvRef, FileRef, SecretReference

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ACCOUNTS = ("billing", "shop")
GOOD = """\
protocol: smtp
smtp: {host: smtp.gmail.com, port: 465}
username: billing@inn.example
password: {env: SMTP_PASSWORD}
"""


SECRETS = {
    "APP_PASSWORD": "abcdefghijklmnop",
    "SPACED_PASSWORD": "abcd efgh ijkl mnop",
    "OWN_PASSWORD": "correct-horse-7",
    "AWS_SECRET": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY/1",
    "MAILGUN_KEY": "key-0123456789abcdef0123456789abcdef",
    "BREVO_KEY": "xkeysib-0123456789abcdef",
    "PLACEHOLDER": "changeme",
    "TWO_LINES": "correct-horse-7\n",
    "POSTMARK_OTHER": "11111111-2222-3333-4444-555555555555",
}


class KnownSecrets:
    """A machine on which a few environment variables are set and nothing else is."""

    def problem(self, reference: SecretReference, file: str) -> str | None:
        match reference:
            case EnvRef(name="SMTP_PASSWORD") | FileRef() | CredentialRef() | CommandRef():
                return None
            case EnvRef(name=name) if name in SECRETS:
                return None
            case _:
                return "is not set"

    def matches(self, reference: SecretReference, file: str, pattern: str) -> bool | None:
        match reference:
            case EnvRef(name=name) if name in SECRETS:
                return re.fullmatch(pattern, SECRETS[name], re.DOTALL) is not None
            case _:
                return None

    def exposure(self, reference: SecretReference, file: str) -> Exposure | None:
        match reference:
            case FileRef(path=path):
                return {"open.password": Exposure.OTHERS, "tracked.password": Exposure.TRACKED}.get(path.name)
            case _:
                return None

    def pem_problem(self, path: PurePath, file: str, kind: PemKind) -> str | None:
        return {"gone.pem": "does not exist", "empty.pem": f"holds no {kind} in PEM form"}.get(path.name)


def load(text: str | bytes, *, file: str = "account.yaml") -> LoadedAccount | LoadedSite:
    data = text.encode() if isinstance(text, str) else text
    return load_site(file, data) if file == "maild.yaml" else load_account(file, data)


def examine_all(files: Mapping[str, bytes]) -> Report:
    """What is said of a whole site; of a file alone, the accounts around it are known."""
    if len(files) == 1:
        ((file, text),) = files.items()
        return examine(text, file=file)
    loaded = [load(text, file=file) for file, text in files.items()]
    accounts = [one.name for one in loaded if isinstance(one, LoadedAccount)]
    return check_files(loaded, now=NOW, lint=LintSettings(), secrets=KnownSecrets(), accounts=accounts)


def examine(text: str | bytes, *, file: str = "account.yaml", lint: LintSettings | None = None) -> Report:
    return check_files(
        [load(text, file=file)],
        now=NOW,
        lint=LintSettings() if lint is None else lint,
        secrets=KnownSecrets(),
        accounts=ACCOUNTS,
    )


def codes(report: Report) -> list[str]:
    return [diagnostic.code for diagnostic in report.diagnostics]
