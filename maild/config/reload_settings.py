"""How changed files are taken over: the `reload` section of maild.yaml as a value. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadSettings:
    """How long the folder must be quiet before an edit is read, how often it is read regardless, and whether programs
    on this machine may ask for it over the web port.
    """

    settle: timedelta = timedelta(seconds=0.3)
    rescan: timedelta = timedelta(seconds=30)
    http: bool = False
