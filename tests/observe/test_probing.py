import asyncio

from aiohttp.test_utils import make_mocked_request

from maild.observe.probing import DEFAULT_S, TIMEOUT_FIELD, Probing, patience_s
from maild.probe.result import ProbeResult
from tests.observe.values import probe
from tests.rows import each_row
from tests.virtual_time import run_virtual


async def ask(name: str) -> ProbeResult | None:
    if name == "slow":
        await asyncio.sleep(1000)
    return probe() if name == "billing" else None


@each_row(
    ("path", "status", "begins"),
    [
        ("/probe?target=billing", 200, "# HELP probe_indeterminate"),
        ("/probe?target=smtp.gmail.com:25", 404, "There is no account of this name"),
        ("/probe", 400, "Say which account"),
        ("/probe?target=", 400, "Say which account"),
        ("/probe?target=a&target=b", 400, "Say which account"),
    ],
)
def test_only_accounts_in_force_are_targets(path: str, status: int, begins: str) -> None:
    response = asyncio.run(Probing(ask).answer(make_mocked_request("GET", path)))

    assert response.status == status
    assert (response.text or "").startswith(begins)


def test_the_scrape_s_time_out_is_kept() -> None:
    async def scenario() -> None:
        request = make_mocked_request("GET", "/probe?target=slow", headers={TIMEOUT_FIELD: "10"})
        response = await Probing(ask).answer(request)

        assert asyncio.get_running_loop().time() == 9.5
        assert "probe_indeterminate 1" in (response.text or "")
        assert "probe_success" not in (response.text or "")

    run_virtual(scenario())


@each_row(
    ("field", "seconds"),
    [
        (None, DEFAULT_S - 0.5),
        ("10", 9.5),
        ("0.1", 0.5),
        ("1e9", DEFAULT_S - 0.5),
        ("nan", DEFAULT_S - 0.5),
        ("-1", DEFAULT_S - 0.5),
        ("soon", DEFAULT_S - 0.5),
    ],
)
def test_a_time_out_is_read_with_suspicion(field: str | None, seconds: float) -> None:
    assert patience_s(field) == seconds
