// The way to Bull's view of the queues: for admins who are signed in to the console, and each of its changes with the
// session's token and in the audit, as every other call of the console.
import { QUEUE_BOARD_MS_MAX } from "@dropgate/contracts/limits";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Truth } from "@dropgate/sql";
import { insertSettingsAct } from "@dropgate/sql/settings/acts";
import type { Head } from "../edge/head.ts";
import { parseJson } from "../edge/json-text.ts";
import type { OriginRules } from "../edge/origins.ts";
import { json, type Reply } from "../edge/reply.ts";
import type { ConsoleSessions, SignedIn } from "../operators/console-sessions.ts";
import { judgeSession } from "../operators/judge-session.ts";
import { fileAnswer, type ServedFile, servedFile } from "../pages/files.ts";
import { html } from "../pages/html.ts";
import type { Board } from "./board.ts";

export const QUEUES_PATH = "/console/queues";
/** The board's page writes style elements and attributes; nothing of it comes from elsewhere or is made of text. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
const FILES_CACHE = "private, max-age=3600";

/** The board's page calls by XMLHttpRequest and knows nothing of our sessions. */
const CSRF_SCRIPT = `const token = document.querySelector('meta[name="csrf-token"]').content;
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  this.setRequestHeader("x-csrf-token", token);
  return send.call(this, body);
};
`;

export interface QueuePagesParts {
  truth: Truth;
  sessions: ConsoleSessions;
  origins: OriginRules;
  /** Called when somebody first looks; again when that failed. */
  open: () => Promise<Board>;
}

export class QueuePages {
  readonly #parts: QueuePagesParts;
  readonly #csrfScript: ServedFile = servedFile("csrf.js", Buffer.from(CSRF_SCRIPT));
  #board: Promise<Board> | null = null;

  constructor(parts: QueuePagesParts) {
    this.#parts = parts;
  }

  isOne(path: string): boolean {
    return path === QUEUES_PATH || path.startsWith(`${QUEUES_PATH}/`);
  }

  /** @throws when PostgreSQL is away */
  async answer(head: Head, body: Uint8Array): Promise<Reply> {
    const path = head.path.slice(QUEUES_PATH.length) || "/";
    const signedIn = await this.#parts.sessions.find(head.cookie);
    const refusal = signedIn === null ? refuse("UNAUTHENTICATED") : this.#judge(signedIn, head);
    if (refusal !== null) return isCall(path) ? refusal : barredPage(refusal);
    if (signedIn === null) throw new Error("whoever is not signed in was refused");
    let board: Board;
    try {
      board = await inTime((this.#board ??= this.#parts.open()));
    } catch (error) {
      // One that is only late may still come.
      if (!(error instanceof TooLate)) this.#board = null;
      return isCall(path) ? refuse("BUSY") : awayPage();
    }
    return this.#serve(board, signedIn, head, path, body);
  }

  async stop(): Promise<void> {
    try {
      await (await this.#board)?.close();
    } catch {
      // It never opened.
    }
  }

  #judge(signedIn: SignedIn, head: Head): Refusal | null {
    return judgeSession(signedIn, "administer", head, this.#parts.origins);
  }

  async #serve(board: Board, signedIn: SignedIn, head: Head, path: string, body: Uint8Array): Promise<Reply> {
    if (head.method === "GET" || head.method === "HEAD") {
      if (path === "/csrf.js") return fileAnswer(this.#csrfScript, head, FILES_CACHE);
      const file = board.files.get(path);
      if (file !== undefined) return fileAnswer(file, head, FILES_CACHE);
      if (board.isPage(path))
        return html(200, board.page(QUEUES_PATH, signedIn.csrfToken), CONTENT_SECURITY_POLICY);
    }
    const read = body.length === 0 ? null : parseJson(body);
    if (read !== null && !read.ok) return read;
    const { method, query } = head;
    try {
      const said = await inTime(board.answer({ method, path, query, body: read?.value }));
      if (said === null) return refuse("NOT_FOUND");
      if (method !== "GET" && said.status < 400) await this.#tell(signedIn, method, path);
      return said.status === 204 ? { ok: true, status: 204, body: "" } : json(said.status, said.body);
    } catch (error) {
      if (error instanceof TooLate) return refuse("BUSY");
      throw error;
    }
  }

  #tell({ operatorId }: SignedIn, method: string, path: string): Promise<void> {
    const [, , queue = "all"] = path.split("/").filter((part) => part !== "");
    return insertSettingsAct(this.#parts.truth, {
      act: "queues.changed",
      subject: `queue ${queue}`.slice(0, 200),
      actor: `operator:${operatorId}`,
      data: { method, path: path.slice(0, 500) },
    });
  }
}

class TooLate extends Error {}

/** BullMQ waits for ever for a Redis that is away; an admin does not. @throws TooLate */
async function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate("Redis does not answer")), QUEUE_BOARD_MS_MAX);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Not something that a person opens. */
function isCall(path: string): boolean {
  return path.startsWith("/api/") || path.startsWith("/static/") || path === "/csrf.js";
}

function barredPage(refusal: Refusal): Reply {
  if (refusal.refusal === "UNAUTHENTICATED") {
    const text = "The queues are for admins. Sign in to the console, then open this page again.";
    return page(401, "Sign in first", text);
  }
  if (refusal.refusal === "PASSWORD_CHANGE_REQUIRED")
    return page(
      403,
      "Choose a password of your own first",
      "Do so in the console, then open this page again.",
    );
  if (refusal.refusal !== "FORBIDDEN") return refusal;
  const text =
    "You are signed in, but only an admin may look at the queues and change them. Ask an admin if you need something here.";
  return page(403, "This page is for admins", text);
}

function awayPage(): Reply {
  const text =
    "The queues are in Redis, which does not answer at the moment. Nothing is lost; try again shortly.";
  return page(503, "The queues cannot be shown now", text);
}

function page(status: number, title: string, text: string): Reply {
  const body =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
    `</head><body><main><h1>${title}</h1><p>${text}</p><p><a href="/console">To the console</a></p></main></body></html>`;
  return html(status, body, CONTENT_SECURITY_POLICY);
}
