// The extension: it starts `detente lsp` and carries what the editor asks to it and back. No build and no packages; see README.md.
"use strict";

const vscode = require("vscode");
const { Client } = require("./client.js");

const SELECTOR = [{ language: "markdown", scheme: "file" }, { language: "markdown", scheme: "untitled" }];
const MOST_RESTARTS = 3;
const CANCELLED = -32800;

let client;
let problems;
let output;
let restarts = 0;
let isStopping = false;
let lensesChanged;
const versions = new Map();

// ---- between the two languages ------------------------------------------------------

const toPosition = (p) => new vscode.Position(p.line, p.character);
const toRange = (r) => new vscode.Range(toPosition(r.start), toPosition(r.end));
const fromPosition = (p) => ({ line: p.line, character: p.character });
const place = (document, position) => ({ textDocument: { uri: document.uri.toString() }, position: fromPosition(position) });
const markdown = (text) => {
  const said = new vscode.MarkdownString(text);
  said.isTrusted = false;
  said.supportHtml = false;
  return said;
};
// The protocol counts kinds from 1, VS Code from 0; severities likewise.
const toKind = (kind) => (kind === undefined ? undefined : kind - 1);

function toDiagnostic(given) {
  const made = new vscode.Diagnostic(toRange(given.range), given.message, (given.severity || 1) - 1);
  made.code = given.code;
  made.source = given.source;
  return made;
}

function toItem(given) {
  const made = new vscode.CompletionItem(given.label, toKind(given.kind));
  made.detail = given.detail;
  made.sortText = given.sortText;
  made.filterText = given.filterText;
  if (given.documentation) made.documentation = markdown(given.documentation.value);
  made.insertText = given.textEdit.newText;
  made.range = toRange(given.textEdit.range);
  return made;
}

function toSymbol(given) {
  const made = new vscode.DocumentSymbol(given.name, given.detail || "", toKind(given.kind), toRange(given.range), toRange(given.selectionRange));
  made.children = (given.children || []).map(toSymbol);
  return made;
}

// ---- the server --------------------------------------------------------------------------

function start() {
  const settings = vscode.workspace.getConfiguration("detente");
  const folder = (vscode.workspace.workspaceFolders || [])[0];
  const mine = new Client(settings.get("command") || "detente", ["lsp", "--stdio"], {
    notified,
    asked: (method) => {
      if (method === "workspace/codeLens/refresh") lensesChanged.fire();
      return null;
    },
    ended: (why) => ended(mine, why),
  });
  client = mine;
  const begun = mine.request("initialize", {
    processId: process.pid,
    clientInfo: { name: vscode.env.appName, version: vscode.version },
    rootUri: folder ? folder.uri.toString() : null,
    workspaceFolders: folder ? [{ uri: folder.uri.toString(), name: folder.name }] : null,
    initializationOptions: { evidence: settings.get("evidence") || null },
    capabilities: {
      workspace: { codeLens: { refreshSupport: true } },
      textDocument: {
        publishDiagnostics: { versionSupport: true },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        rename: { prepareSupport: true },
      },
    },
  });
  begun.then(
    () => {
      mine.notify("initialized", {});
      mine.isReady = true;
      vscode.workspace.textDocuments.forEach(opened);
    },
    () => {},
  );
}

function ended(which, why) {
  if (isStopping || which !== client) return;
  output.appendLine(why);
  problems.clear();
  if (which.isReady && restarts < MOST_RESTARTS) {
    restarts += 1;
    start();
  } else {
    const advice = "Install it with: pip install \"detente[lsp]\", or name it in the setting detente.command.";
    vscode.window.showErrorMessage(`Détente is not running: ${why}. ${advice}`);
  }
}

function notified(method, params) {
  if (method === "textDocument/publishDiagnostics") {
    const uri = vscode.Uri.parse(params.uri);
    const now = versions.get(uri.toString());
    if (params.version === undefined || params.version === null || params.version === now) {
      problems.set(uri, params.diagnostics.map(toDiagnostic));
    }
  } else if (method === "window/showMessage") {
    const show = { 1: "showErrorMessage", 2: "showWarningMessage" }[params.type] || "showInformationMessage";
    vscode.window[show](params.message);
  } else if (method === "window/logMessage") {
    output.appendLine(params.message);
  }
}

const isReady = () => client !== undefined && client.isReady && !client.isOver;
const isOurs = (document) => vscode.languages.match(SELECTOR, document) > 0;

/** An answer, or undefined where there is none to be had: the editor asks often, and takes questions back. */
async function ask(method, params, token) {
  if (!isReady()) return undefined;
  try {
    return await client.request(method, params, token);
  } catch (error) {
    if (error.code !== CANCELLED && !client.isOver) output.appendLine(`${method}: ${error.message}`);
    return undefined;
  }
}

// ---- documents -----------------------------------------------------------------------------

function opened(document) {
  if (!isReady() || !isOurs(document)) return;
  const uri = document.uri.toString();
  versions.set(uri, document.version);
  client.notify("textDocument/didOpen", {
    textDocument: { uri, languageId: document.languageId, version: document.version, text: document.getText() },
  });
}

function changed(event) {
  const uri = event.document.uri.toString();
  if (!isReady() || !versions.has(uri) || event.contentChanges.length === 0) return;
  versions.set(uri, event.document.version);
  client.notify("textDocument/didChange", {
    textDocument: { uri, version: event.document.version },
    contentChanges: [{ text: event.document.getText() }],
  });
}

function saved(document) {
  const uri = document.uri.toString();
  if (isReady() && versions.has(uri)) client.notify("textDocument/didSave", { textDocument: { uri } });
}

function closed(document) {
  const uri = document.uri.toString();
  problems.delete(document.uri);
  if (versions.delete(uri) && isReady()) client.notify("textDocument/didClose", { textDocument: { uri } });
}

// ---- questions -------------------------------------------------------------------------------

const completion = {
  async provideCompletionItems(document, position, token) {
    const found = await ask("textDocument/completion", place(document, position), token);
    return found ? new vscode.CompletionList(found.items.map(toItem), found.isIncomplete) : undefined;
  },
};

const hover = {
  async provideHover(document, position, token) {
    const found = await ask("textDocument/hover", place(document, position), token);
    return found ? new vscode.Hover(markdown(found.contents.value), toRange(found.range)) : undefined;
  },
};

const definition = {
  async provideDefinition(document, position, token) {
    const found = await ask("textDocument/definition", place(document, position), token);
    return found ? new vscode.Location(vscode.Uri.parse(found.uri), toRange(found.range)) : undefined;
  },
};

// Refusals of a renaming are shown where the new name is typed, so they are thrown on.
const rename = {
  async prepareRename(document, position, token) {
    if (!isReady()) throw new Error("Détente is not running");
    const found = await client.request("textDocument/prepareRename", place(document, position), token);
    if (!found) throw new Error("there is no name here");
    return { range: toRange(found.range), placeholder: found.placeholder };
  },
  async provideRenameEdits(document, position, newName, token) {
    if (!isReady()) throw new Error("Détente is not running");
    const found = await client.request("textDocument/rename", { ...place(document, position), newName }, token);
    const edit = new vscode.WorkspaceEdit();
    for (const [uri, edits] of Object.entries((found && found.changes) || {})) {
      edits.forEach((one) => edit.replace(vscode.Uri.parse(uri), toRange(one.range), one.newText));
    }
    return edit;
  },
};

const formatting = {
  async provideDocumentFormattingEdits(document, options, token) {
    const params = { textDocument: { uri: document.uri.toString() }, options };
    const found = await ask("textDocument/formatting", params, token);
    return (found || []).map((one) => vscode.TextEdit.replace(toRange(one.range), one.newText));
  },
};

const symbols = {
  async provideDocumentSymbols(document, token) {
    const found = await ask("textDocument/documentSymbol", { textDocument: { uri: document.uri.toString() } }, token);
    return (found || []).map(toSymbol);
  },
};

const lenses = {
  get onDidChangeCodeLenses() {
    return lensesChanged.event;
  },
  async provideCodeLenses(document, token) {
    const found = await ask("textDocument/codeLens", { textDocument: { uri: document.uri.toString() } }, token);
    return (found || []).map((one) => new vscode.CodeLens(toRange(one.range), { title: one.command.title, command: "" }));
  },
};

// ---- life ----------------------------------------------------------------------------------------

function activate(context) {
  isStopping = false;
  output = vscode.window.createOutputChannel("Détente");
  problems = vscode.languages.createDiagnosticCollection("detente");
  lensesChanged = new vscode.EventEmitter();
  const on = vscode.languages;
  context.subscriptions.push(
    output,
    problems,
    lensesChanged,
    vscode.workspace.onDidOpenTextDocument(opened),
    vscode.workspace.onDidChangeTextDocument(changed),
    vscode.workspace.onDidSaveTextDocument(saved),
    vscode.workspace.onDidCloseTextDocument(closed),
    on.registerCompletionItemProvider(SELECTOR, completion, ".", " "),
    on.registerHoverProvider(SELECTOR, hover),
    on.registerDefinitionProvider(SELECTOR, definition),
    on.registerRenameProvider(SELECTOR, rename),
    on.registerDocumentFormattingEditProvider(SELECTOR, formatting),
    on.registerDocumentSymbolProvider(SELECTOR, symbols, { label: "Détente" }),
    on.registerCodeLensProvider(SELECTOR, lenses),
    vscode.commands.registerCommand("detente.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => (event.affectsConfiguration("detente") ? restart() : undefined)),
  );
  start();
}

async function restart() {
  const old = client;
  client = undefined;
  restarts = 0;
  versions.clear();
  if (old) await old.stop();
  start();
}

async function deactivate() {
  isStopping = true;
  if (client) await client.stop();
}

module.exports = { activate, deactivate };
