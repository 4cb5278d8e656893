"""The command `maild demo`: sets the stage, has the story told, clears up."""

import asyncio
import logging
import shutil
import signal
import tempfile
from pathlib import Path

import click

from maild.cli.demo.daemon import DemoError
from maild.cli.demo.site import Scratch, write_site
from maild.cli.demo.story import Story
from maild.cli.demo.teller import Teller
from maild.cli.demo.world import open_world
from maild.clock import SystemClock


@click.command("demo")
@click.option("--keep", is_flag=True, help="Leave everything running for a look, until Ctrl-C.")
def demo(*, keep: bool) -> None:
    """Show the whole job on this machine in one go.

    Makes a scratch site with a certificate authority, mail servers and a web service on loopback, runs the daemon in
    it, sends, breaks, repairs and probes. Needs no network and no configuration, and leaves nothing behind.
    """
    # aiosmtpd logs its own deprecations; without a handler Python would print them between the story's lines.
    logging.getLogger("mail.log").addHandler(logging.NullHandler())
    scratch = Scratch(root=Path(tempfile.mkdtemp(prefix="maild-demo-")).resolve())
    try:
        asyncio.run(_play(scratch, keep=keep))
    finally:
        shutil.rmtree(scratch.root, ignore_errors=True)


async def _play(scratch: Scratch, *, keep: bool) -> None:
    began = asyncio.get_running_loop().time()
    tell = Teller()
    async with open_world(scratch, now=SystemClock().now()) as world:
        tell.chapter("A scratch site, with servers on this machine only")
        write_site(scratch, world.ports)
        tell.line(f"{scratch.root}/")
        for path in sorted(scratch.config.rglob("*.yaml")):
            tell.line(f"  {path.relative_to(scratch.root)}")
        story = Story(scratch, world, tell)
        await story.broken_file()
        daemon = await story.start()
        try:
            await story.deliveries(daemon, await story.drops())
            await story.repair(daemon)
            await story.probes(daemon)
            await story.metrics(daemon)
            if keep:
                await _stay(scratch, tell, daemon.url)
        finally:
            status = await daemon.stop()
    if status != 0:
        raise DemoError(f"The daemon was asked to stop and ended with status {status}.")
    took = asyncio.get_running_loop().time() - began
    tell.chapter(f"The daemon stopped as asked; all of this took {took:.1f} s")


async def _stay(scratch: Scratch, tell: Teller, url: str) -> None:
    tell.chapter("It goes on running until Ctrl-C")
    tell.line(f"status     {url}/status")
    tell.line(f"metrics    {url}/metrics")
    tell.line(f"accounts   {scratch.accounts}/")
    tell.line(f"drop here  {scratch.spool}/drop/")
    tell.line(f"log        {scratch.log}")
    enough = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, enough.set)
    await enough.wait()
