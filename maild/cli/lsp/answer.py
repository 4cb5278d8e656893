"""Proposals and actions in the words of the language server protocol. Pure."""

from collections.abc import Sequence
from typing import Final

from lsprotocol import types as lsp

from maild.cli.lsp.action import Action
from maild.cli.lsp.completion import Proposal, Sort
from maild.cli.lsp.ruler import Ruler
from maild.diagnostics import Edit

_KINDS: Final = {
    Sort.KEY: lsp.CompletionItemKind.Property,
    Sort.CHOICE: lsp.CompletionItemKind.EnumMember,
    Sort.EXAMPLE: lsp.CompletionItemKind.Value,
    Sort.NAME: lsp.CompletionItemKind.Reference,
}


def completion_list(proposals: Sequence[Proposal], ruler: Ruler) -> lsp.CompletionList:
    """The proposals in their order, which editors would make one of the alphabet."""
    items = [
        lsp.CompletionItem(
            label=proposal.label,
            kind=_KINDS[proposal.sort],
            detail=proposal.detail or None,
            documentation=_markdown(proposal.markdown),
            sort_text=f"{number:04}",
            filter_text=proposal.label,
            text_edit=_text_edit(proposal.edit, ruler),
        )
        for number, proposal in enumerate(proposals)
    ]
    return lsp.CompletionList(is_incomplete=False, items=items)


def code_action(
    action: Action, kind: lsp.CodeActionKind | str, edit: lsp.WorkspaceEdit, problems: list[lsp.Diagnostic] | None
) -> lsp.CodeAction:
    """What an editor's menu shows and does."""
    return lsp.CodeAction(
        title=action.title, kind=kind, diagnostics=problems, is_preferred=action.is_preferred or None, edit=edit
    )


def edit_of(action: Action, uri: str, ruler: Ruler) -> lsp.WorkspaceEdit:
    """An action's edits of one file."""
    return lsp.WorkspaceEdit(changes={uri: [_text_edit(edit, ruler) for edit in action.edits]})


def _text_edit(edit: Edit, ruler: Ruler) -> lsp.TextEdit:
    return lsp.TextEdit(range=ruler.range_of(edit.span), new_text=edit.text)


def _markdown(text: str) -> lsp.MarkupContent | None:
    return lsp.MarkupContent(kind=lsp.MarkupKind.Markdown, value=text) if text else None
