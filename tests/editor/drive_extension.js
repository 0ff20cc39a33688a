// Runs the VS Code extension against the real server, with the part of the `vscode` module that it uses. Arguments: the extension's folder, the
// program, an agreement. Prints one line of JSON: what the editor would show.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

const [folder, command, agreement] = process.argv.slice(2);
const events = {};
const providers = {};
const shown = [];
const lines = [];
const event = (name) => (listener) => { events[name] = listener; return { dispose() {} }; };
const provider = (name) => (selector, made) => { providers[name] = made; return { dispose() {} }; };

class Place { constructor(...given) { Object.assign(this, { given }); } }
class Position { constructor(line, character) { Object.assign(this, { line, character }); } }
class Range { constructor(start, end) { Object.assign(this, { start, end }); } }
const uri = (text) => ({ toString: () => text });
const text = fs.readFileSync(agreement, "utf8");
const document = { uri: uri(`file://${agreement}`), languageId: "markdown", version: 1, getText: () => text };
const found = new Map();
let refreshed;
const whenRefreshed = new Promise((resolve) => { refreshed = resolve; });
let told;
const whenTold = new Promise((resolve) => { told = resolve; });

const vscode = {
  version: "1.80.0",
  env: { appName: "test" },
  Position,
  Range,
  Diagnostic: class { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } },
  CompletionItem: class { constructor(label, kind) { Object.assign(this, { label, kind }); } },
  CompletionList: class { constructor(items) { this.items = items; } },
  DocumentSymbol: class { constructor(name, detail, kind) { Object.assign(this, { name, detail, kind }); } },
  MarkdownString: class { constructor(value) { this.value = value; } },
  Hover: class { constructor(contents, range) { Object.assign(this, { contents, range }); } },
  Location: Place,
  CodeLens: class { constructor(range, command) { Object.assign(this, { range, command }); } },
  TextEdit: { replace: (range, newText) => ({ range, newText }) },
  WorkspaceEdit: class { constructor() { this.edits = []; } replace(at, range, newText) { this.edits.push(newText); } },
  EventEmitter: class { constructor() { this.event = () => {}; } fire() { refreshed(); } dispose() {} },
  Uri: { parse: uri },
  window: {
    createOutputChannel: () => ({ appendLine: (line) => lines.push(line), dispose() {} }),
    showErrorMessage: (message) => { shown.push(message); told(); refreshed(); },
    showWarningMessage: (message) => shown.push(message),
    showInformationMessage: (message) => shown.push(message),
  },
  workspace: {
    getConfiguration: () => ({ get: (name) => ({ command })[name] }),
    workspaceFolders: [],
    textDocuments: [document],
    onDidOpenTextDocument: event("open"),
    onDidChangeTextDocument: event("change"),
    onDidSaveTextDocument: event("save"),
    onDidCloseTextDocument: event("close"),
    onDidChangeConfiguration: event("configuration"),
  },
  commands: { registerCommand: () => ({ dispose() {} }) },
  languages: {
    match: () => 10,
    createDiagnosticCollection: () => ({ set: (at, list) => { found.set(at.toString(), list); told(); }, delete() {}, clear() {}, dispose() {} }),
    registerCompletionItemProvider: provider("completion"),
    registerHoverProvider: provider("hover"),
    registerDefinitionProvider: provider("definition"),
    registerRenameProvider: provider("rename"),
    registerDocumentFormattingEditProvider: provider("formatting"),
    registerDocumentSymbolProvider: provider("symbols"),
    registerCodeLensProvider: provider("lenses"),
  },
};

const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require(path.join(folder, "extension.js"));

const after = (word, plus) => {
  const offset = text.indexOf(word) + plus;
  const line = text.slice(0, offset).split("\n");
  return new Position(line.length - 1, line[line.length - 1].length);
};

(async () => {
  extension.activate({ subscriptions: [] });
  await whenTold;
  await whenRefreshed;
  const answers = { shown };
  if (shown.length === 0) {
    answers.problems = found.get(document.uri.toString()).map((p) => p.code);
    answers.completion = (await providers.completion.provideCompletionItems(document, after("at least 9000", 9))).items.map((i) => i.label);
    answers.hover = (await providers.hover.provideHover(document, after("exercise X", 2))).contents.value;
    answers.definition = (await providers.definition.provideDefinition(document, after("overlaps border-strip", 10))).given[1].start;
    answers.rename = (await providers.rename.provideRenameEdits(document, after("overlaps border-strip", 10), "zone")).edits;
    answers.refused = await providers.rename.prepareRename(document, after("exercise X", 2)).then(() => null, (error) => error.message);
    answers.formatting = (await providers.formatting.provideDocumentFormattingEdits(document, { tabSize: 4, insertSpaces: true })).length;
    answers.symbols = (await providers.symbols.provideDocumentSymbols(document)).map((s) => [s.name, s.children.length]);
    answers.lenses = (await providers.lenses.provideCodeLenses(document)).map((l) => l.command.title);
  }
  await extension.deactivate();
  process.stdout.write(`${JSON.stringify(answers)}\n`);
})().catch((error) => { process.stderr.write(`${error.stack}\n${lines.join("\n")}\n`); process.exit(1); });
