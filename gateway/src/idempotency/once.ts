// Runs a request under its Idempotency-Key: the first time for real, with the answer kept in the very
// transaction of the effect; afterwards the same answer, byte for byte.
import { createHash, randomBytes } from "node:crypto";
import { REFUSALS, type Refusal, type RefusalKind, refuse } from "@dropgate/contracts/refusals";
import type { Sealer } from "@dropgate/inventory/sealing";
import type { Statements, Truth } from "@dropgate/sql";
import {
  abandonIdempotent,
  beginIdempotent,
  type IdempotencyScope,
  type KeptAnswer,
  keepAnswers,
} from "@dropgate/sql/idempotency/keys";
import { problemOf } from "../edge/problem.ts";
import type { Answer, Reply } from "../edge/reply.ts";

const KEY = /^[\x20-\x7e]{1,255}$/;

/** A request that came with a key. */
export interface IdempotentRequest {
  scope: IdempotencyScope;
  bodyHash: Buffer;
  run: string;
  /** Its answer holds a secret that is shown once: it is kept sealed. */
  sealed: boolean;
}

/** @returns null without a key; a refusal when it is not one */
export function readIdempotency(
  key: string | null,
  request: { apiKeyId: string; method: string; path: string; body: Uint8Array; sealed: boolean },
): IdempotentRequest | Refusal | null {
  if (key === null) return null;
  if (!KEY.test(key)) return refuse("INVALID_IDEMPOTENCY_KEY");
  // A body that is absent equals `{}`.
  const body = request.body.length === 0 ? Buffer.from("{}") : request.body;
  return {
    scope: { apiKeyId: request.apiKeyId, method: request.method, path: request.path, key },
    bodyHash: createHash("sha256").update(body).digest(),
    run: randomBytes(12).toString("base64url"),
    sealed: request.sealed,
  };
}

/** Whether an answer is kept: what may be another one later is not. */
function isFinal(reply: Answer | Refusal): boolean {
  if (reply.ok) return reply.status < 500;
  const kind: RefusalKind = REFUSALS[reply.refusal];
  return !kind.retry && kind.status < 500;
}

export class Idempotency {
  readonly #truth: Truth;
  readonly #sealer: Sealer;

  constructor(truth: Truth, sealer: Sealer) {
    this.#truth = truth;
    this.#sealer = sealer;
  }

  /**
   * Runs `work` in a transaction, under the request's key if it has one.
   * @param work has no effect when it refuses
   * @throws what `work` or PostgreSQL throws; then nothing is kept
   */
  async once(
    request: IdempotentRequest | null,
    work: (tx: Statements) => Promise<Answer | Refusal>,
  ): Promise<Reply> {
    if (request === null) return this.#truth.transaction(work);
    return this.begin(request, () =>
      this.#truth.transaction(async (tx) => {
        const reply = await work(tx);
        const kept = this.answerToKeep(request, reply);
        if (kept !== null && (await keepAnswers(tx, [kept])).size === 0) {
          throw new Error("another run took the Idempotency-Key over while this one was at work");
        }
        return reply;
      }),
    );
  }

  /**
   * The same where the caller's `run` keeps the answer itself (see answerToKeep), as a group does.
   */
  async begin(request: IdempotentRequest, run: () => Promise<Answer | Refusal>): Promise<Reply> {
    const begun = await beginIdempotent(this.#truth, request.scope, request.bodyHash, request.run);
    switch (begun.begun) {
      case "done":
        return replay(
          begun.status,
          request.sealed ? this.#sealer.open(begun.body, aboutOf(request)) : begun.body,
        );
      case "mismatch":
        return refuse("IDEMPOTENCY_MISMATCH");
      case "running":
        return refuse("IDEMPOTENCY_IN_PROGRESS");
      case "first":
        break;
    }
    let reply: Answer | Refusal;
    try {
      reply = await run();
    } catch (error) {
      await this.#abandon(request);
      throw error;
    }
    if (!isFinal(reply)) {
      await this.#abandon(request);
      return reply;
    }
    return reply.ok ? reply : replay(...textOf(request, reply));
  }

  /** What is to be written of an answer in the transaction of its effect; null: it is not final. */
  answerToKeep(request: IdempotentRequest, reply: Answer | Refusal): KeptAnswer | null {
    if (!isFinal(reply)) return null;
    const [status, text] = textOf(request, reply);
    const body = request.sealed ? this.#sealer.seal(text, aboutOf(request)) : text;
    return { scope: request.scope, run: request.run, status, body };
  }

  async #abandon(request: IdempotentRequest): Promise<void> {
    try {
      await abandonIdempotent(this.#truth, request.scope, request.run);
    } catch {
      // PostgreSQL is away: the key is free again by itself after IDEMPOTENCY_BUSY_MS_MAX.
    }
  }
}

function aboutOf(request: IdempotentRequest): string {
  return `answer to ${request.scope.method} ${request.scope.path}`;
}

/** A refusal is kept as it is first told, so that it is told the same way ever after. */
function textOf(request: IdempotentRequest, reply: Answer | Refusal): [status: number, text: Buffer] {
  if (reply.ok) return [reply.status, Buffer.from(reply.body)];
  const problem = problemOf(reply, request.scope.path, 0.5);
  return [problem.status, Buffer.from(JSON.stringify(problem))];
}

function replay(status: number, body: Buffer): Answer {
  return {
    ok: true,
    status,
    body,
    contentType: status < 400 ? "application/json" : "application/problem+json",
  };
}
