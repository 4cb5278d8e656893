"""The daemon's side of the command to reload: asks the configuration loop and says what came of it. Shell code."""

import asyncio
from typing import Final

from maild.daemon.configloop import ConfigLoop
from maild.diagnostics import Severity
from maild.observe.command import ReloadAnswer

PATIENCE_S: Final = 60.0
"""Longer than reading ten thousand files anew takes; who asks goes away before."""


class ReloadCommand:
    """See above."""

    def __init__(self, config: ConfigLoop) -> None:
        self._config = config

    @property
    def is_allowed(self) -> bool:
        """Whether the settings in force switch it on."""
        return self._config.generation.site.reload.http

    async def reload(self) -> ReloadAnswer:
        """See the port."""
        problem = ""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._config.reload()
                await self._config.tried()
        except TimeoutError:
            doing = "tried" if self._config.generation.is_trying else "read"
            problem = f"it is still being {doing} after {PATIENCE_S:g} s"
        generation = self._config.generation
        problem = problem or self._config.problem
        errors = (one for one in generation.report.diagnostics if one.severity is Severity.ERROR)
        return ReloadAnswer(
            generation=generation.number,
            is_clean=generation.is_clean and not problem,
            problem=problem,
            diagnostics=tuple(errors),
        )
