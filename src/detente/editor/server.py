"""The language server: it carries an editor's questions to the room's functions, and nothing more.

Everything that takes time runs beside the loop that reads messages: functions
over the text in threads, judging in a process. An answer about a text that has
changed meanwhile is thrown away.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from detente import __version__
from detente.editor import answers
from detente.editor.complete import complete
from detente.editor.define import definition
from detente.editor.diagnose import diagnose
from detente.editor.fixes import fixes
from detente.editor.hover import hover
from detente.editor.judging import beside, judge
from detente.editor.lens import Judged, lenses
from detente.editor.outline import outline
from detente.editor.positions import Range
from detente.editor.rename import NotRenamable, renamable, rename
from detente.editor.rewrite import rewrite

_PAUSE = 0.15
"""Seconds without a keystroke after which a text is read again."""
_REFUSED = -32803
"""RequestFailed: the question was understood and has no answer. Source: Language Server Protocol 3.17, ErrorCodes."""
_T = TypeVar("_T")


class Utf16Protocol(LanguageServerProtocol):
    """The protocol with columns in UTF-16 code units, which every client has, whatever else one offers."""

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """Leave UTF-16 as the only choice."""
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))


@dataclass(slots=True)
class Open:
    """What is under way for one open document."""

    reading: asyncio.Task[None] | None = None
    judging: asyncio.Task[None] | None = None
    judged: Judged | None = None


@dataclass(slots=True)
class Desk:
    """The server's memory: open documents by address, and what the client asked for at the beginning."""

    server: LanguageServer
    pool: ThreadPoolExecutor
    open: dict[str, Open] = field(default_factory=dict)
    evidence: str | None = None
    root: Path | None = None
    refreshes: bool = False

    def text(self, uri: str) -> str | None:
        """The text of an open document; a file that is not open is not read."""
        document = self.server.workspace.text_documents.get(uri)
        return None if document is None or uri not in self.open else document.source

    async def ask(self, uri: str, question: Callable[[str], _T]) -> _T | None:
        """An answer over the text as it stands now, worked out in a thread."""
        text = self.text(uri)
        if text is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(self.pool, question, text)

    def read(self, uri: str, pause: float) -> None:
        """Tell the problems of a document once nothing is typed for a while."""
        at = self.open.setdefault(uri, Open())
        if at.reading is not None:
            at.reading.cancel()
        at.reading = asyncio.ensure_future(self._read(uri, pause))

    async def _read(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        text = self.text(uri)
        found = await self.ask(uri, lambda raw: diagnose(raw, _shown(uri)))
        if found is not None and self.text(uri) == text:
            version = self.server.workspace.text_documents[uri].version
            self.server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, answers.diagnostics(found), version))

    def judge(self, uri: str) -> None:
        """Judge the file of a document as it was saved, in the place of a judging that is under way."""
        at = self.open.setdefault(uri, Open())
        if at.judging is not None:
            at.judging.cancel()
        at.judging = asyncio.ensure_future(self._judge(uri, at))

    async def _judge(self, uri: str, at: Open) -> None:
        path = to_fs_path(uri) if uri.startswith("file:") else None
        if path is None:
            at.judged = None if self.evidence is None else Judged({}, refusal="save the document first")
            return
        case = beside(Path(path), self.evidence, self.root)
        if case is None:
            at.judged = None
        elif isinstance(case, str):
            at.judged = Judged({}, refusal=case)
        else:
            before = at.judged
            at.judged = Judged(before.rules if before else {}, is_running=True, as_of=before.as_of if before else "")
            at.judged = await judge(case)
        if self.refreshes:
            self.server.workspace_code_lens_refresh(None)

    def close(self, uri: str) -> None:
        """Stop what is under way for a document, and take its problems back."""
        at = self.open.pop(uri, None)
        for task in (at.reading, at.judging) if at else ():
            if task is not None:
                task.cancel()
        self.server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    def stop(self) -> None:
        """Stop everything that is under way."""
        for at in self.open.values():
            for task in (at.reading, at.judging):
                if task is not None:
                    task.cancel()
        self.pool.shutdown(wait=False, cancel_futures=True)


def build() -> LanguageServer:
    """A server with everything that it can be asked."""
    server = LanguageServer(
        "detente",
        __version__,
        protocol_cls=Utf16Protocol,
        # pygls cuts lines where `str.splitlines` does, an editor only at line feeds and carriage returns: whole texts have no lines to miscount.
        text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
        max_workers=4,
    )
    desk = Desk(server, ThreadPoolExecutor(max_workers=2, thread_name_prefix="detente-editor"))
    _life(server, desk)
    _questions(server, desk)
    _changes(server, desk)
    return server


def serve() -> None:
    """Answer an editor over stdin and stdout until it says to stop."""
    # What goes wrong is answered to the client or shown to its user; the log would repeat it with the whole text of documents.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    sys.setswitchinterval(0.002)  # the loop gets its turn soon while a thread reads a large document
    build().start_io()


def _life(server: LanguageServer, desk: Desk) -> None:
    """Documents that come, change and go."""

    @server.feature(lsp.INITIALIZE)
    def begin(params: lsp.InitializeParams) -> None:
        desk.evidence = _evidence_in(params.initialization_options)
        folders = [f.uri for f in params.workspace_folders or ()] or [params.root_uri or ""]
        root = to_fs_path(folders[0]) if folders[0].startswith("file:") else None
        desk.root = Path(root) if root else None
        workspace = params.capabilities.workspace
        desk.refreshes = bool(workspace and workspace.code_lens and workspace.code_lens.refresh_support)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        desk.read(params.text_document.uri, 0)
        desk.judge(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        if params.text_document.uri in desk.open:
            desk.read(params.text_document.uri, _PAUSE)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        if params.text_document.uri in desk.open:
            desk.judge(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        desk.close(params.text_document.uri)

    @server.feature(lsp.SHUTDOWN)
    async def stop(*_: object) -> None:
        desk.stop()


def _questions(server: LanguageServer, desk: Desk) -> None:
    """What is asked about a place or a document, and changes nothing."""

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", " "]))
    async def completion(params: lsp.CompletionParams) -> lsp.CompletionList:
        found = await desk.ask(params.text_document.uri, lambda raw: complete(raw, answers.place_of(params.position)))
        return answers.completions(found or ())

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        return answers.note(await desk.ask(params.text_document.uri, lambda raw: hover(raw, answers.place_of(params.position))))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: lsp.DefinitionParams) -> lsp.Location | None:
        uri = params.text_document.uri
        found = await desk.ask(uri, lambda raw: definition(raw, answers.place_of(params.position)))
        return None if found is None else lsp.Location(uri, answers.range_of(found))

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        return answers.symbols(await desk.ask(params.text_document.uri, outline) or ())

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=False))
    async def verdicts(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        at = desk.open.get(params.text_document.uri)
        judged = at.judged if at else None
        if judged is None:
            return []
        return answers.code_lenses(await desk.ask(params.text_document.uri, lambda raw: lenses(raw, judged)) or ())


def _changes(server: LanguageServer, desk: Desk) -> None:
    """What is asked for in order to change the document."""

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepared(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        try:
            found = await desk.ask(params.text_document.uri, lambda raw: renamable(raw, answers.place_of(params.position)))
        except NotRenamable as refused:
            raise JsonRpcException(str(refused), _REFUSED) from None
        return None if found is None else lsp.PrepareRenamePlaceholder(answers.range_of(found[0]), found[1])

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    async def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        uri = params.text_document.uri
        try:
            found = await desk.ask(uri, lambda raw: rename(raw, answers.place_of(params.position), params.new_name))
        except NotRenamable as refused:
            raise JsonRpcException(str(refused), _REFUSED) from None
        return None if found is None else lsp.WorkspaceEdit(changes={uri: answers.edits(found)})

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]))
    async def offered(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        within = Range(answers.place_of(params.range.start), answers.place_of(params.range.end))
        return answers.offers(uri, await desk.ask(uri, lambda raw: fixes(raw, within, _shown(uri))) or ())

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    async def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        uri = params.text_document.uri
        found = await desk.ask(uri, lambda raw: rewrite(raw, _shown(uri)))
        if found is None:
            return None
        if found.problems:
            text = f"not formatted: {found.problems[0]}".splitlines()[0]
            server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, text))
        return [] if found.range is None else [lsp.TextEdit(answers.range_of(found.range), found.text)]


def _shown(uri: str) -> str:
    """The name that messages give a document."""
    return (to_fs_path(uri) or uri) if uri.startswith("file:") else uri


def _evidence_in(options: object) -> str | None:
    """The option `evidence`, where a client gives it as a text."""
    given = options.get("evidence") if isinstance(options, dict) else getattr(options, "evidence", None)
    return given if isinstance(given, str) and given else None
