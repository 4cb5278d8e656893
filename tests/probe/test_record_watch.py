"""When the daemon looks at DNS again, and what it remembers meanwhile."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from maild.net.name_servers import Silence
from maild.net.resolver import Answer, Records, Unanswered
from maild.probe.dns.answers import Answers, NameServers
from maild.probe.dns.view import DnsView
from maild.probe.record_watch import INTERVAL_S, RecordWatch
from maild.probe.result import CheckResult, CheckVerdict, Told
from tests.fakes.clock import FakeClock
from tests.fakes.probe_subject import http_account, subject
from tests.fakes.resolver import FakeResolver
from tests.virtual_time import run_virtual

TXT = ("shop.example", "TXT")
GOOD: Answer = Records(values=("v=spf1 -all",), canonical_name="shop.example", ttl_s=0)
SILENT: Answer = Unanswered(name="shop.example", reason="no answer", silence=Silence.TIMEOUT)


def view_of(resolver: FakeResolver) -> DnsView:
    return DnsView(answers=Answers(NameServers(any_of_them=resolver)))


def spf_of(checks: tuple[CheckResult, ...]) -> CheckResult:
    return next(check for check in checks if check.check == "spf")


def test_records_are_looked_at_once_an_hour(tmp_path: Path) -> None:
    one = subject(http_account("https://send.example/"), tmp_path)
    records = {TXT: GOOD, ("org", "SOA"): GOOD}
    resolver = FakeResolver(records=records)
    view = view_of(resolver)
    watch = RecordWatch(lambda: view)

    async def scenario() -> list[int]:
        counts = []
        for pause_s in (0, INTERVAL_S - 1, 2):
            await asyncio.sleep(pause_s)
            await watch.look(one)
            counts.append(resolver.asked.count(TXT))
        watch.forget(["service"])
        await asyncio.sleep(61)
        await watch.look(one)
        return [*counts, resolver.asked.count(TXT)]

    first, within, after, forgotten = run_virtual(scenario())
    assert first == within < after < forgotten


def test_silence_keeps_what_was_told_last_and_is_looked_at_again_soon(tmp_path: Path) -> None:
    clock = FakeClock()
    one = subject(http_account("https://send.example/"), tmp_path, clock=clock)
    records = {TXT: GOOD}
    resolver = FakeResolver(records=records)
    view = view_of(resolver)
    watch = RecordWatch(lambda: view)

    async def scenario() -> list[CheckResult]:
        told = spf_of(await watch.look(one))
        records[TXT] = SILENT
        await asyncio.sleep(INTERVAL_S + 1)
        clock.advance(INTERVAL_S)
        silent = spf_of(await watch.look(one))
        records[TXT] = GOOD
        again = spf_of(await watch.look(one))
        return [told, silent, again]

    told, silent, again = run_virtual(scenario())
    first = Told(verdict=told.verdict, at=one.clock.now() - timedelta(seconds=INTERVAL_S))
    assert (told.verdict, told.told) == (CheckVerdict.PASS, first)
    assert (silent.verdict, silent.told) == (CheckVerdict.INDETERMINATE, first)
    assert (again.verdict, again.told) == (CheckVerdict.PASS, Told(verdict=CheckVerdict.PASS, at=one.clock.now()))


def test_another_account_of_that_name_begins_anew(tmp_path: Path) -> None:
    one = subject(http_account("https://send.example/"), tmp_path)
    other = replace(one, account=http_account("https://other.example/"))
    resolver = FakeResolver(records={TXT: SILENT})
    view = view_of(resolver)
    watch = RecordWatch(lambda: view)

    async def scenario() -> list[CheckResult]:
        return [spf_of(await watch.look(each)) for each in (one, other)]

    assert [check.told for check in run_virtual(scenario())] == [None, None]


def test_without_a_view_nothing_is_looked_at(tmp_path: Path) -> None:
    one = subject(http_account("https://send.example/"), tmp_path)

    assert run_virtual(RecordWatch(lambda: None).look(one)) == ()
