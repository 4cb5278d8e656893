"""`maild test --arrives-in`: the way back of a round trip, in words. Shell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click

from maild.cli.look import output_style
from maild.config.duration import parse_duration
from maild.diagnostics import Severity
from maild.diagnostics.render.style import Paint
from maild.errors import UsageError
from maild.probe.arrival import ArrivalError, ArrivalPlace, judge_arrival, parse_place
from maild.probe.arrival.waiting import wait_for
from maild.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """Where the test e-mail is waited for, and how long."""

    place: ArrivalPlace
    within: timedelta

    @classmethod
    def of(cls, given: Mapping[str, str | None]) -> "RoundTrip | None":
        """As the command line has it; None: nobody waits.

        Raises:
            UsageError: it makes no sense.
        """
        text = given["arrives_in"]
        if text is None:
            return None
        within = parse_duration(given["within"] or "5m")
        if within is None:
            raise UsageError(f"--within {given['within']}: write a time such as 30s or 5m.")
        try:
            return cls(place=parse_place(text, _password(given["arrives_password"])), within=within)
        except ArrivalError as error:
            raise UsageError(str(error)) from None

    async def end(self, mark: str) -> int:
        """Wait, tell, and give the exit status."""
        style = output_style()
        click.echo(f"Waiting for it in {self.place} …")
        try:
            arrival = await wait_for(self.place, mark, within_s=self.within.total_seconds())
        except ArrivalError as error:
            click.echo(str(error))
            return 1
        found = judge_arrival(arrival, within_s=self.within.total_seconds())
        click.echo(str(arrival)[:1].upper() + str(arrival)[1:] + ".")
        if found is None:
            return 0
        paint = Paint.ERROR if found.severity is Severity.ERROR else Paint.WARNING
        head = style.paint(f"{found.severity}[{found.code}]", paint)
        click.echo(f"{head} {found.name}: {found.message}\nhelp: {found.help}", color=style.has_color)
        return int(found.severity is Severity.ERROR)


def _password(file: str | None) -> Secret | None:
    if file is None:
        return None
    try:
        return Secret(Path(file).read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--arrives-password {file}: {type(error).__name__}.") from None
