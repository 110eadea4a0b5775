// What a handler answers: a whole body, a stream, or a refusal. The exchange writes it.
import type { Outcome, Refusal } from "@dropgate/contracts/refusals";

export interface Answer {
  ok: true;
  status: number;
  body: string | Uint8Array;
  /** JSON unless said otherwise. */
  contentType?: string;
  /** `no-store` unless said otherwise. */
  cacheControl?: string;
  headers?: readonly (readonly [name: string, value: string])[];
}

/** A body in pieces, written as fast as the reader takes them. */
export interface Streamed {
  ok: true;
  status: number;
  stream: AsyncIterable<string | Uint8Array>;
  contentType: string;
  cacheControl?: string;
  headers?: readonly (readonly [name: string, value: string])[];
}

export type Reply = Answer | Streamed | Refusal;

export function json(status: number, value: unknown): Answer {
  return { ok: true, status, body: JSON.stringify(value) };
}

/** A 200 of the outcome's value, or its refusal. */
export function jsonOf<Value>(outcome: Outcome<Value>, show: (value: Value) => unknown): Answer | Refusal {
  return outcome.ok ? json(200, show(outcome.value)) : outcome;
}
