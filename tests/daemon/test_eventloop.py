import asyncio
from importlib.util import find_spec

from maild.daemon.eventloop import loop_factory, run_on_loop


def test_the_quicker_loop_is_used_where_it_is_installed() -> None:
    async def which() -> str:
        return type(asyncio.get_running_loop()).__module__

    module = run_on_loop(which())
    assert (loop_factory() is not None) == (find_spec("uvloop") is not None)
    assert module.startswith("uvloop" if find_spec("uvloop") else "asyncio")
