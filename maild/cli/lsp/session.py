"""One editor's questions and what is answered. Shell code.

Findings are published when a file is opened or saved, and when it has been quiet for a moment after an edit; then for
all open files, because one may be wrong by what another says. An editor hears of a file again only when something is
different. Texts come as a whole at each change: the files are small, and pygls counts lines as Python does, which is
not how editors do it.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from maild.cli.lsp.action import actions_at, fix_all
from maild.cli.lsp.answer import code_action, completion_list, edit_of
from maild.cli.lsp.buffer import Buffer, uri_of
from maild.cli.lsp.completion import Surroundings, proposals_at
from maild.cli.lsp.desk import Desk
from maild.cli.lsp.hover import hover_at
from maild.cli.lsp.problem import SOURCE, problem_of
from maild.cli.lsp.quiet import Quiet
from maild.cli.lsp.room import Judgement
from maild.cli.lsp.ruler import Ruler
from maild.diagnostics import Diagnostic, Location

FIX_ALL: Final = f"{lsp.CodeActionKind.SourceFixAll.value}.{SOURCE}"

_WATCHED: Final = "**/*.{yaml,yml}"

Params = TypeVar("Params")
Answer = TypeVar("Answer")
_Published: TypeAlias = tuple[int | None, list[lsp.Diagnostic]]


class Session:
    """What happens between one editor and the desk."""

    def __init__(self, server: LanguageServer, desk: Desk, quiet_s: float) -> None:
        self._server: Final = server
        self._desk: Final = desk
        self._quiet: Final = Quiet(quiet_s, self._guarded(self._publish_all))
        self._published: Final[dict[str, _Published]] = {}

    def register(self) -> None:
        """Tells the server what it can be asked."""
        feature = self._server.feature
        feature(lsp.INITIALIZED)(self._guarded_with(self._watch))
        feature(lsp.TEXT_DOCUMENT_DID_OPEN)(self._guarded_with(self._open))
        feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(self._guarded_with(self._change))
        feature(lsp.TEXT_DOCUMENT_DID_SAVE)(self._guarded_with(self._save))
        feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(self._guarded_with(self._close))
        feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)(self._guarded_with(self._notice))
        feature(lsp.TEXT_DOCUMENT_HOVER)(self._guarded_with(self._hover))
        signs = lsp.CompletionOptions(trigger_characters=[":", " ", "{", "[", ","])
        feature(lsp.TEXT_DOCUMENT_COMPLETION, signs)(self._guarded_with(self._complete))
        kinds = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL])
        feature(lsp.TEXT_DOCUMENT_CODE_ACTION, kinds)(self._guarded_with(self._actions))

    def _watch(self, params: lsp.InitializedParams) -> None:
        """Asks to be told of files that change without being open: git, another program."""
        del params
        workspace = self._server.client_capabilities.workspace
        watched = None if workspace is None else workspace.did_change_watched_files
        if watched is None or not watched.dynamic_registration:
            return
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=[lsp.FileSystemWatcher(glob_pattern=_WATCHED)])
        method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = lsp.Registration(id="maild-files", method=method, register_options=options)
        self._server.client_register_capability(lsp.RegistrationParams(registrations=[registration]))

    def _open(self, params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self._desk.put(Buffer.of(document.uri, document.text, document.version))
        self._publish_all()

    def _change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        for change in params.content_changes:
            if isinstance(change, lsp.TextDocumentContentChangeWholeDocument):
                self._desk.put(Buffer.of(document.uri, change.text, document.version))
        self._quiet.stir()

    def _save(self, params: lsp.DidSaveTextDocumentParams) -> None:
        del params
        self._publish_all()

    def _close(self, params: lsp.DidCloseTextDocumentParams) -> None:
        self._desk.take_away(params.text_document.uri)
        self._publish_all()

    def _notice(self, params: lsp.DidChangeWatchedFilesParams) -> None:
        del params
        self._quiet.stir()

    def _publish_all(self) -> None:
        self._quiet.cancel()
        for uri in self._published.keys() - {buffer.uri for buffer in self._desk.buffers()}:
            del self._published[uri]
            self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=[]))
        for judgement in self._desk.judge_all():
            self._publish(judgement)

    def _publish(self, judgement: Judgement) -> None:
        buffer = judgement.buffer
        problems = [self._problem(one, judgement) for one in judgement.diagnostics]
        state = buffer.version, problems
        if self._published.get(buffer.uri) != state:
            self._published[buffer.uri] = state
            self._server.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri=buffer.uri, version=buffer.version, diagnostics=problems)
            )

    def _hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        buffer = self._desk.buffer(params.text_document.uri)
        if buffer is None or buffer.kind is None:
            return None
        ruler, judgement = self._ruler(buffer), self._desk.judge(buffer)
        today = judgement.room.now.date()
        shown = hover_at(ruler.lines, ruler.place_of(params.position), buffer.kind, judgement.diagnostics, today=today)
        if shown is None:
            return None
        content = lsp.MarkupContent(kind=lsp.MarkupKind.Markdown, value=shown.markdown)
        return lsp.Hover(contents=content, range=ruler.range_of(shown.span))

    def _complete(self, params: lsp.CompletionParams) -> lsp.CompletionList | None:
        buffer = self._desk.buffer(params.text_document.uri)
        if buffer is None or buffer.kind is None:
            return None
        ruler, room = self._ruler(buffer), self._desk.room_of(buffer)
        around = Surroundings(accounts=room.census.accounts or (), today=room.now.date())
        return completion_list(proposals_at(ruler.lines, ruler.place_of(params.position), buffer.kind, around), ruler)

    def _actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        buffer = self._desk.buffer(params.text_document.uri)
        if buffer is None:
            return None
        ruler, judgement, only = self._ruler(buffer), self._desk.judge(buffer), params.context.only
        answers: list[lsp.CodeAction] = []
        if _is_wanted(lsp.CodeActionKind.QuickFix.value, only):
            for action in actions_at(judgement, ruler.span_of(params.range)):
                problems = None if action.found is None else [self._problem(action.found, judgement)]
                edit = edit_of(action, buffer.uri, ruler)
                answers.append(code_action(action, lsp.CodeActionKind.QuickFix, edit, problems))
        every = fix_all(judgement) if _is_wanted(FIX_ALL, only) else None
        if every is not None:
            answers.append(code_action(every, FIX_ALL, edit_of(every, buffer.uri, ruler), None))
        return answers

    def _problem(self, found: Diagnostic, judgement: Judgement) -> lsp.Diagnostic:
        def locate(location: Location) -> lsp.Location:
            buffer = self._desk.buffer_of(location.file)
            if buffer is not None:
                return lsp.Location(uri=buffer.uri, range=self._ruler(buffer).range_of(location.span))
            loaded = judgement.room.files.get(location.file)
            ruler = Ruler.of("" if loaded is None else loaded.text, self._encoding)
            return lsp.Location(uri=uri_of(location.file), range=ruler.range_of(location.span))

        span = None if found.location is None else found.location.span
        return problem_of(found, locate, self._ruler(judgement.buffer).range_of(span))

    def _ruler(self, buffer: Buffer) -> Ruler:
        return Ruler.of(buffer.text, self._encoding, has_mark=buffer.has_mark)

    @property
    def _encoding(self) -> lsp.PositionEncodingKind | str:
        return self._server.workspace.position_encoding or lsp.PositionEncodingKind.Utf16

    def _guarded_with(self, answer: Callable[[Params], Answer]) -> Callable[[Params], Answer | None]:
        """The method, but that an exception is reported without its text and answered with nothing."""

        @functools.wraps(answer)
        def guarded(params: Params) -> Answer | None:
            try:
                return answer(params)
            except Exception as error:  # noqa: BLE001 -- an editor must not lose its server by one odd file
                self._server.report_server_error(error, FeatureRequestError)
                return None

        return guarded

    def _guarded(self, call: Callable[[], None]) -> Callable[[], None]:
        guarded = self._guarded_with(lambda _: call())
        return lambda: guarded(None)


def _is_wanted(kind: str, only: Sequence[lsp.CodeActionKind | str] | None) -> bool:
    """Whether an editor that asks for these kinds wants this one; a kind stands for all below it."""
    if only is None:
        return True
    words = [one.value if isinstance(one, lsp.CodeActionKind) else one for one in only]
    return any(kind == word or kind.startswith(f"{word}.") for word in words)
