"""How changed files are taken over: the `reload` section of maild.yaml as a value. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadSettings:
    """How long the folder must be quiet before an edit is read, how often it is read regardless, whether programs on
    this machine may ask for it over the web port, and whether a changed account must prove itself before it is used.
    """

    settle: timedelta = timedelta(seconds=0.3)
    rescan: timedelta = timedelta(seconds=30)
    http: bool = False
    canary: bool = False
