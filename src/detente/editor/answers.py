"""The room's answers in the words of the Language Server Protocol, and questions back from them."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types as lsp

from detente.editor import complete, diagnose, fixes, hover, lens, outline, rename
from detente.editor.positions import Position, Range
from detente.editor.words import Sort

_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}
_ITEMS: dict[Sort, lsp.CompletionItemKind] = {
    "keyword": lsp.CompletionItemKind.Keyword,
    "kind": lsp.CompletionItemKind.Class,
    "field": lsp.CompletionItemKind.Field,
    "verb": lsp.CompletionItemKind.Method,
    "level": lsp.CompletionItemKind.EnumMember,
    "unit": lsp.CompletionItemKind.Unit,
    "group": lsp.CompletionItemKind.Module,
    "party": lsp.CompletionItemKind.Constant,
    "place": lsp.CompletionItemKind.Value,
    "value": lsp.CompletionItemKind.Value,
    "variable": lsp.CompletionItemKind.Variable,
    "reference": lsp.CompletionItemKind.Reference,
}
_SYMBOLS: dict[outline.Sort, lsp.SymbolKind] = {
    "heading": lsp.SymbolKind.Namespace,
    "rule": lsp.SymbolKind.Function,
    "phase": lsp.SymbolKind.Event,
    "definition": lsp.SymbolKind.Constant,
    "block": lsp.SymbolKind.Object,
    "case": lsp.SymbolKind.Struct,
}


def place_of(position: lsp.Position) -> Position:
    """A position that a client names."""
    return Position(position.line, position.character)


def range_of(given: Range) -> lsp.Range:
    """A range for a client."""
    return lsp.Range(
        lsp.Position(given.start.line, given.start.character),
        lsp.Position(given.end.line, given.end.character),
    )


def diagnostics(found: Iterable[diagnose.Diagnosis]) -> list[lsp.Diagnostic]:
    """Problems."""
    return [
        lsp.Diagnostic(range=range_of(d.range), severity=_SEVERITIES[d.severity], code=d.code, source="detente", message=d.text)
        for d in found
    ]


def completions(found: Iterable[complete.Suggestion]) -> lsp.CompletionList:
    """Suggestions, in their order within each rank."""
    items = []
    for place, suggestion in enumerate(found):
        name = suggestion.name
        items.append(
            lsp.CompletionItem(
                label=name.text,
                kind=_ITEMS[name.sort],
                detail=name.detail or None,
                documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, name.about) if name.about else None,
                sort_text=f"{suggestion.rank}{place:05}",
                filter_text=name.text,
                text_edit=lsp.TextEdit(range_of(suggestion.replaces), name.text),
            )
        )
    return lsp.CompletionList(is_incomplete=False, items=items)


def note(found: hover.Note | None) -> lsp.Hover | None:
    """What is said of a word."""
    if found is None:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text), range_of(found.range))


def edits(found: Iterable[rename.Edit]) -> list[lsp.TextEdit]:
    """Edits."""
    return [lsp.TextEdit(range_of(e.range), e.text) for e in found]


def offers(uri: str, found: Iterable[fixes.Offer]) -> list[lsp.CodeAction]:
    """Quick fixes."""
    return [
        lsp.CodeAction(
            title=offer.title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=diagnostics([offer.mends]),
            is_preferred=True,
            edit=lsp.WorkspaceEdit(changes={uri: edits([offer.edit])}),
        )
        for offer in found
    ]


def symbols(found: Iterable[outline.Entry]) -> list[lsp.DocumentSymbol]:
    """The outline."""
    return [
        lsp.DocumentSymbol(
            name=entry.name,
            kind=_SYMBOLS[entry.sort],
            range=range_of(entry.range),
            selection_range=range_of(entry.name_range),
            detail=entry.detail or None,
            children=symbols(entry.children),
        )
        for entry in found
    ]


def code_lenses(found: Iterable[lens.Lens]) -> list[lsp.CodeLens]:
    """Verdicts above rules; they are read, not clicked."""
    return [lsp.CodeLens(range_of(x.range), command=lsp.Command(x.text, "")) for x in found]
