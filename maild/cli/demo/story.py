"""The demo's story: a broken file, three drops, their deliveries, the repair, a probe, the metrics.

Every line is read back from the daemon, from files it wrote or from what the sinks got; a step that did not happen
ends the story with a `DemoError`.
"""

import asyncio
import json
import re
import shlex
import shutil
from collections.abc import Mapping
from typing import Any, Final

from maild.cli.demo.daemon import Daemon, DemoError, Finished, run_maild
from maild.cli.demo.messages import INVOICE_EML, REMINDER_EML
from maild.cli.demo.site import Scratch, mend_site
from maild.cli.demo.smtp_sink import SmtpSink
from maild.cli.demo.teller import Teller
from maild.cli.demo.world import World
from maild.mail.message import split_message

BROKEN: Final = "newsletter"

_METRICS: Final = (
    "maild_config_generation",
    "maild_delivery_recipients_total",
    "maild_probe_success",
    "maild_spool_messages",
    "maild_tls_certificate_valid",
)


class Story:
    """One telling; the chapters are called in order."""

    def __init__(self, scratch: Scratch, world: World, tell: Teller) -> None:
        self._scratch = scratch
        self._world = world
        self._tell = tell

    async def broken_file(self) -> None:
        """`maild check` finds what is wrong."""
        self._tell.chapter("maild check: what is wrong with a file, and where")
        done = await self._maild("check", str(self._scratch.broken.relative_to(self._scratch.root)))
        if done.status != 1:
            raise DemoError(f"maild check ended with status {done.status} instead of 1:\n{done.output}")
        self._tell.block(done.output)

    async def start(self) -> Daemon:
        """The daemon comes up with the accounts that are right."""
        self._tell.chapter("maild run: the daemon, with the accounts that are right")
        began = asyncio.get_running_loop().time()
        daemon = await Daemon.start(self._scratch)
        took = asyncio.get_running_loop().time() - began
        self._tell.line(f"ready after {took:.1f} s; metrics and status on {daemon.url}")
        for file in (await daemon.status())["config"]["files"]:
            self._tell.line(f"{file['file']}: {file['standing'].replace('_', ' ')}")
        return daemon

    async def drops(self) -> tuple[str, ...]:
        """Three ways to hand over a message; returns the drops' names."""
        self._tell.chapter("Three messages are dropped")
        invoice = self._scratch.root / "invoice.eml"
        invoice.write_text(INVOICE_EML)
        drop = self._scratch.spool / "drop"
        self._tell.command("cp invoice.eml spool/drop/")
        shutil.copyfile(invoice, drop / "invoice.eml")
        (drop / "forms").mkdir(exist_ok=True)
        hidden = drop / "forms" / ".reminder.eml.tmp"
        hidden.write_text(REMINDER_EML)
        self._tell.command("mv .reminder.eml.tmp spool/drop/forms/reminder.eml")
        hidden.rename(drop / "forms" / "reminder.eml")
        sent = await self._send("office", "ann@customer.example", "Our new opening hours")
        return "invoice.eml", "forms/reminder.eml", sent

    async def deliveries(self, daemon: Daemon, drops: tuple[str, ...]) -> None:
        """They arrive, and the receipts say so."""
        self._tell.chapter("They arrive")
        receipts = [await self._sent(daemon, drop) for drop in drops]
        self._arrived("the mail server behind implicit TLS", self._world.implicit)
        self._arrived("the mail server with STARTTLS", self._world.starttls)
        for form in self._world.http.submissions:
            files = f" with {', '.join(form.files)}" if form.files else ""
            self._tell.line(f"the web service got {form.fields.get('subject', '')!r} for {form.fields['to']}{files}")
        if not (self._world.implicit.deliveries and self._world.starttls.deliveries and self._world.http.submissions):
            raise DemoError("A receipt says sent and the server has nothing.")
        self._tell.chapter("The receipt of the first: spool/receipts/invoice.eml.json")
        self._tell.block(json.dumps(receipts[0], indent=2))

    async def repair(self, daemon: Daemon) -> None:
        """The broken file is mended while the daemon runs, and used at once."""
        self._tell.chapter("The broken file is mended, and used without a restart")
        before = (await daemon.status())["config"]["generation"]
        mend_site(self._scratch, self._world.ports)

        async def accepted() -> Mapping[str, Any] | None:
            config = (await daemon.status())["config"]
            return config if config["clean"] and config["generation"] > before else None

        config = await daemon.until("the mended file to be accepted", accepted)
        self._tell.line(f"generation {before} -> {config['generation']}, every file accepted")
        drop = await self._send(BROKEN, "readers@customer.example", "The first newsletter")
        receipt = await self._sent(daemon, drop)
        self._tell.line(f"{receipt['state']} through {receipt['account']}: {receipt['recipients'][0]['reply']}")

    async def probes(self, daemon: Daemon) -> None:
        """What the accounts' servers say when nobody sends."""
        self._tell.chapter("What the probes found")

        async def probed() -> list[Mapping[str, Any]] | None:
            accounts = (await daemon.status())["accounts"]
            return accounts if all(account["probe"] is not None for account in accounts) else None

        for account in await daemon.until("every account to be probed", probed):
            for check in account["probe"]["checks"]:
                self._tell.line(f"{account['name']:<10} {check['check']:<5} {check['verdict']:<5} {check['summary']}")
                phases = (f"{phase['phase']} {phase['seconds'] * 1000:.0f} ms" for phase in check["phases"])
                timing = ", ".join(phases)
                if timing:
                    self._tell.line(f"{'':<16} {timing}")
            if account["probe"]["can_send"] is not True:
                raise DemoError(f"The probe of {account['name']} found that it cannot send.")

    async def metrics(self, daemon: Daemon) -> None:
        """A few of the lines that Prometheus would scrape."""
        self._tell.chapter(f"Some of the metrics: {daemon.url}/metrics")
        text = await daemon.get("/metrics")
        wanted = re.compile(rf"(?:{'|'.join(_METRICS)})[ {{]")
        lines = [line for line in text.splitlines() if wanted.match(line)]
        if not any(line.startswith("maild_delivery_recipients_total") for line in lines):
            raise DemoError("The metrics say nothing of the deliveries.")
        for line in lines:
            self._tell.line(line)

    async def _maild(self, *arguments: str) -> Finished:
        self._tell.command(shlex.join(["maild", *arguments]))
        return await run_maild(self._scratch, *arguments)

    async def _send(self, account: str, to: str, subject: str) -> str:
        """Queue a message by the command line; returns the drop's name."""
        parts = ["--to", to, "--subject", subject, "--body", "With kind regards."]
        done = await self._maild("send", "--json", "--account", account, *parts)
        if done.status != 0:
            raise DemoError(f"maild send ended with status {done.status}:\n{done.output}")
        self._tell.block(done.output)
        drop = json.loads(done.output)["drop"]
        assert isinstance(drop, str)
        return drop

    async def _sent(self, daemon: Daemon, drop: str) -> Mapping[str, Any]:
        """The receipt of a drop once it says that everything was sent."""
        path = self._scratch.spool / "receipts" / f"{drop}.json"

        async def sent() -> Mapping[str, Any] | None:
            receipt = json.loads(path.read_text()) if path.exists() else {"state": "none yet"}
            if receipt["state"] in {"failed", "rejected"}:
                raise DemoError(f"{drop} was not sent:\n{json.dumps(receipt, indent=2)}")
            return receipt if receipt["state"] == "sent" else None

        return await daemon.until(f"the receipt of {drop} to say sent", sent)

    def _arrived(self, where: str, sink: SmtpSink) -> None:
        for delivery in sink.deliveries:
            subject = split_message(delivery.content).header.text("subject")
            self._tell.line(f"{where} got {subject!r}")
            self._tell.line(f"  from {delivery.sender} for {', '.join(delivery.recipients)}, login {delivery.login}")
