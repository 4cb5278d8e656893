"""Keeps the configuration's folders under watch, and says how well they can be watched.

Shell code. Watches go blind in many ways (a folder renamed, recreated, reached by a link that is swapped; a thread that
died; a limit of the system); each check finds that out and builds them anew. What file a credential lies in is watched,
too, by its folder.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from maild.config.folder import ACCOUNTS_FOLDER
from maild.config.sight import is_folder, is_readable_folder, real_path
from maild.observe.events import Event, WatchOverflowed, WatchRebuilt
from maild.watch.hint import Hint
from maild.watch.mounts import remote_type
from maild.watch.watcher import Folder, Watcher, WatchMode, WatchState, folders_around, nearest_to


class ConfigWatch:
    """See above. `state` is how changes are noticed."""

    def __init__(
        self,
        root: Path,
        *,
        on_hint: Callable[[Hint], None],
        emit: Callable[[Event], None],
        remote_type: Callable[[Path], str] = remote_type,
    ) -> None:
        self._root = root
        self._on_hint = on_hint
        self._emit = emit
        self._watcher = Watcher(self._folders, on_hint=self._hear)
        self._besides: Sequence[Path] = ()
        self._has_grown = False
        self.state = WatchState(mode=WatchMode.NONE, was_rebuilt=False)
        self._remote_type: Final = remote_type
        self._remote = ""

    @property
    def is_remote(self) -> bool:
        """Whether the folder, that of its accounts, or one of credentials lies on a network file system."""
        return bool(self._remote)

    async def check(self, *, is_first: bool) -> None:
        """Watch what is there now. Never raises for the file system."""
        state = await self._watcher.check()
        if state.was_rebuilt:
            self._remote = await asyncio.to_thread(self._tell_remote)
        problem = "; ".join(filter(None, (state.problem, self._remote)))
        self.state = WatchState(mode=state.mode, was_rebuilt=state.was_rebuilt, problem=problem)
        # What we asked for ourselves is no news: only watches that had gone blind are told and counted.
        is_ours, self._has_grown = is_first or self._has_grown, False
        if state.was_rebuilt and (not is_ours or problem):
            self._emit(WatchRebuilt(folder=str(self._root), mode=state.mode.value, problem=problem))

    def add(self, folders: Sequence[Path]) -> bool:
        """Watch these too from the next check on, those of credentials; whether one of them is new. Blocking."""
        known = {real_path(path) for path in (self._root, self._root / ACCOUNTS_FOLDER, *self._besides)}
        self._besides = folders
        is_wider = any(is_folder(path) and real_path(path) not in known for path in folders)
        self._has_grown |= is_wider
        return is_wider

    async def stop(self) -> None:
        """Let go."""
        await self._watcher.stop()

    def _folders(self) -> tuple[Folder, ...]:
        around = folders_around(self._root, children=(ACCOUNTS_FOLDER,))
        known = {folder.path for folder in around if folder.only is None}
        besides = {real_path(path) for path in self._besides if is_folder(path)} - known
        absent = [path for path in self._besides if not is_readable_folder(path)]
        nearest = dict.fromkeys(near for path in absent if (near := nearest_to(path)).path not in known | besides)
        return tuple(dict.fromkeys((*around, *(Folder(path=path) for path in sorted(besides)), *nearest)))

    def _tell_remote(self) -> str:
        for folder in (self._root, self._root / ACCOUNTS_FOLDER, *self._besides):
            if kind := self._remote_type(folder):
                return f"{folder} lies on {kind}, where changes by others are not told"
        return ""

    def _hear(self, hint: Hint) -> None:
        if hint.has_lost:
            self._emit(WatchOverflowed(folder=str(self._root)))
        self._on_hint(hint)
