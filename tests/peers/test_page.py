"""The page in a real browser: it loads, follows what happens, can be read by everybody and shows no secret."""

import asyncio
import importlib.util
from pathlib import Path

import pytest

from tests.daemon.running import SITE, RunningDaemon, ScratchSite
from tests.daemon.test_app import sink
from tests.peers.chromium import Page, chromium

CANARY = "sesame-opens-the-door"


def axe() -> str:
    """The accessibility checker's script."""
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("axe is not installed (pip install --no-deps axe-playwright-python)")
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


async def is_axe_clean(page: Page) -> list[str]:
    found = await page.ask("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    assert isinstance(found, list)
    return found


HEADLINE = "document.getElementById('headline').textContent"


async def reads_well(page: Page, folder: Path) -> None:
    """Light and dark, wide and narrow: nothing sticks out, and axe has nothing to say."""
    for width in (1280, 360):
        for is_dark in (False, True):
            await page.look(width=width, height=900, is_dark=is_dark)
            await page.picture(folder / f"{width}-{'dark' if is_dark else 'light'}.png")
            assert await is_axe_clean(page) == []
            assert await page.ask("document.documentElement.scrollWidth <= window.innerWidth")


async def is_used_by_keyboard(page: Page) -> None:
    """Everything that can be opened is reached by Tab and opened by Enter, and stays open while the page changes."""
    for _ in range(30):
        await page.press("Tab")
        if await page.ask("document.activeElement.matches('#accounts summary')"):
            break
    await page.press("Enter")
    await page.until("document.querySelector('details[open] tbody tr') !== null")


def test_the_page_follows_the_daemon(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path, SITE + "reload: {settle: 0.1s}\n")
        script = axe()
        async with sink() as server:
            site.write_account("billing", server.port)
            (site.config / "accounts" / "shop.yaml").write_text(f"protocol: smpt\npassword: {CANARY}\n")
            async with RunningDaemon(site) as daemon, chromium(tmp_path / "chromium") as page:
                await page.open(f"http://{await daemon.started()}/")
                await page.ask(script)
                await page.until("document.getElementById('link').textContent === 'Live'")
                assert "shop.yaml:1" in await page.ask("document.getElementById('todo').textContent")

                site.drop("a.eml")
                await page.until("document.querySelector('#sent .delivered dd').textContent === '1'")
                await page.until("document.querySelector('#sent rect.delivered') !== null")
                await page.until("document.querySelectorAll('circle.passes').length > 0")

                await reads_well(page, tmp_path)
                await is_used_by_keyboard(page)

                site.write_account("billing", 1)
                await page.until(f"{HEADLINE} === '1 of 1 accounts cannot send: billing'")
                await page.until("document.title.startsWith('1 of 1')")
                assert await page.ask("document.querySelector('details[open]') !== null")
                assert await is_axe_clean(page) == []

                html = await page.ask("document.documentElement.outerHTML")
                assert CANARY not in html
                assert "secret\n" not in html
                assert page.complaints == []
                await page.ask("window.marked = true")
                await daemon.until(lambda: daemon.events("probe_finished"))
                assert await page.ask("window.marked"), "it was never loaded anew"

    asyncio.run(scenario())


def test_a_person_with_the_token_acts_and_without_it_nothing_happens(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(
            tmp_path, SITE.replace('listen: "127.0.0.1:0"', 'listen: "127.0.0.1:0", actions: {token_file: token}')
        )
        (site.config / "token").write_text("0123456789abcdef\n")
        script = axe()
        site.write_account("billing", 1)
        async with RunningDaemon(site) as daemon, chromium(tmp_path / "chromium") as page:
            listen = await daemon.started()
            site.drop("a.eml")
            await daemon.until(lambda: site.receipt("a.eml").get("id"))
            await page.open(f"http://{listen}/")
            await page.ask(script)
            await page.until("document.querySelector('#messages li') !== null")
            await reads_well(page, tmp_path)

            await page.ask("document.getElementById('token').value = 'wrong'")
            await page.ask("document.querySelector('button[value^=hold]').click()")
            await page.until("document.getElementById('done')?.textContent.includes('The token is not right')")
            await page.ask("document.getElementById('token').value = '0123456789abcdef'")
            await page.ask("document.querySelector('button[value^=hold]').click()")
            await page.until("document.getElementById('done')?.textContent.includes('is held')")
            await page.until("document.querySelector('button[value^=release]') !== null")
            assert await page.ask("document.getElementById('token').value") == "0123456789abcdef"

            await page.call("Emulation.setScriptExecutionDisabled", value=True)
            await page.call("Page.navigate", url=f"http://{listen}/?again")
            await page.until("location.search === '?again' && document.querySelector('button[value^=delete]') !== null")
            await page.ask("document.getElementById('token').value = '0123456789abcdef'")
            await page.ask("document.querySelector('button[value^=delete]').click()")
            await page.until("document.body?.textContent.includes('is deleted')")
            await daemon.until(lambda: site.receipt("a.eml").get("state") == "deleted")
            acted = [(line["deed"], line["done"]) for line in daemon.events("page_acted")]
            assert acted == [("hold", True), ("delete", True)]

    asyncio.run(scenario())


def test_without_scripts_it_can_be_read(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = ScratchSite.make(tmp_path)
        async with sink() as server:
            site.write_account("billing", server.port)
            async with RunningDaemon(site) as daemon, chromium(tmp_path / "chromium") as page:
                await page.call("Emulation.setScriptExecutionDisabled", value=True)
                await page.open(f"http://{await daemon.started()}/")
                assert "billing" in await page.ask("document.getElementById('accounts').textContent")
                assert "Reload the page" in await page.ask("document.getElementById('link').textContent")

    asyncio.run(scenario())
