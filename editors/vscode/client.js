// A client of the Language Server Protocol over a process's stdin and stdout: framing, answers by number, and nothing of any editor.
"use strict";

const { spawn } = require("child_process");

const LONGEST_HEADER = 8192;

class Client {
  /**
   * @param {string} command the program
   * @param {string[]} args its arguments
   * @param {{notified: (method: string, params: any) => void, asked?: (method: string, params: any) => any, ended: (why: string) => void}} listener
   */
  constructor(command, args, listener) {
    this.listener = listener;
    this.waiting = new Map();
    this.last = 0;
    this.buffer = Buffer.alloc(0);
    this.isOver = false;
    this.said = "";
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
    this.process.stdout.on("data", (data) => this.receive(data));
    this.process.stderr.on("data", (data) => { this.said = (this.said + data).slice(-2000); });
    this.process.stdin.on("error", () => {});
    this.process.on("error", (error) => this.end(`${command}: ${error.message}`));
    this.process.on("exit", (code) => this.end(`the server ended with code ${code}${this.said ? `: ${this.said.trim()}` : ""}`));
  }

  end(why) {
    if (this.isOver) return;
    this.isOver = true;
    for (const { reject } of this.waiting.values()) reject(new Error(why));
    this.waiting.clear();
    this.listener.ended(why);
  }

  send(message) {
    if (this.isOver) return;
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }), "utf8");
    this.process.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, "ascii"), body]));
  }

  notify(method, params) {
    this.send({ method, params });
  }

  /** The answer to a question. `token` is an editor's mark by which it takes the question back. */
  request(method, params, token) {
    if (this.isOver) return Promise.reject(new Error("the server is not running"));
    const id = ++this.last;
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    if (token) token.onCancellationRequested(() => this.notify("$/cancelRequest", { id }));
    this.send({ id, method, params });
    return answer;
  }

  receive(data) {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const head = this.buffer.indexOf("\r\n\r\n");
      if (head < 0) {
        if (this.buffer.length > LONGEST_HEADER) this.buffer = Buffer.alloc(0);
        return;
      }
      const match = /content-length: *(\d+)/i.exec(this.buffer.toString("ascii", 0, head));
      const start = head + 4;
      if (!match) {
        this.buffer = this.buffer.subarray(start);
        continue;
      }
      const end = start + Number(match[1]);
      if (this.buffer.length < end) return;
      const body = this.buffer.toString("utf8", start, end);
      this.buffer = this.buffer.subarray(end);
      try {
        this.handle(JSON.parse(body));
      } catch (error) {
        console.error("detente:", error);
      }
    }
  }

  handle(message) {
    if (message.method === undefined) {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (!waiting) return;
      if (message.error) waiting.reject(Object.assign(new Error(message.error.message), { code: message.error.code }));
      else waiting.resolve(message.result);
    } else if (message.id !== undefined) {
      const result = this.listener.asked ? this.listener.asked(message.method, message.params) : null;
      this.send({ id: message.id, result: result === undefined ? null : result });
    } else {
      this.listener.notified(message.method, message.params);
    }
  }

  /** Ask the server to stop; stop it if it does not. */
  async stop() {
    if (this.isOver) return;
    const child = this.process;
    const timer = setTimeout(() => child.kill(), 2000);
    try {
      await this.request("shutdown", null);
      this.notify("exit", null);
    } catch {
      child.kill();
    }
    child.once("exit", () => clearTimeout(timer));
  }
}

module.exports = { Client };
