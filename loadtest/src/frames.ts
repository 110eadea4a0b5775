// The few Socket.IO v4 text frames that a shopper speaks, written by hand: socket.io-client does not run in k6, and
// ten thousand of them do not fit in one process.

import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Offer, Serving } from "@dropgate/contracts/realtime";
import type { Sale } from "@dropgate/contracts/sale";
import type { Problem } from "@dropgate/contracts/values";

/** The events that a shopper is told, by name. */
export type ServerMessage =
  | { name: "sale"; payload: Sale }
  | { name: "serving"; payload: Serving }
  | { name: "entry"; payload: Entry }
  | { name: "offer"; payload: Offer }
  | { name: "hold"; payload: { hold: Hold; pass?: string } }
  | { name: "outcome"; payload: OutcomeOfEntry }
  | { name: "reconnect"; payload: { afterMs: number } };

/** The one argument of an acknowledgement: the HTTP answer's body, or the problem. */
export interface Acknowledged {
  problem?: Problem;
  hold?: Hold;
  pass?: string;
}

/** What the server said. `other` is everything a shopper has no use for. */
export type ServerFrame =
  | { kind: "open"; silenceMs: number }
  | { kind: "ping" }
  | { kind: "connected" }
  | { kind: "refused"; code: string }
  | { kind: "disconnected" }
  | { kind: "event"; message: ServerMessage }
  | { kind: "ack"; id: number; answer: Acknowledged }
  | { kind: "other" };

/** Answers the server's ping. */
export const PONG = "3";

/** Asks to be let into the namespace, with the handshake's `auth`. */
export function connectFrame(auth: Record<string, string>): string {
  return `40${JSON.stringify(auth)}`;
}

/** An event that wants an acknowledgement under `id`. */
export function eventFrame(id: number, name: string, payload: unknown): string {
  return `42${id}${JSON.stringify(payload === undefined ? [name] : [name, payload])}`;
}

/**
 * Reads one text frame. What cannot be read is `other`: a load test reports, it does not crash. Payloads are taken at
 * the contract's word: checking each with schemas would measure the checking, and the gateway's own suite does it.
 */
export function readFrame(text: string): ServerFrame {
  if (text === "2") return { kind: "ping" };
  const match = /^(0|4(\d)(\d*))(?=[[{]|$)/.exec(text);
  if (match === null) return { kind: "other" };
  const [head, packet, type, id = ""] = match;
  if (type === "1") return { kind: "disconnected" };
  let body;
  try {
    body = JSON.parse(text.slice(head.length) || "{}");
  } catch {
    return { kind: "other" };
  }
  if (packet === "0") {
    return { kind: "open", silenceMs: (body.pingInterval ?? 25_000) + (body.pingTimeout ?? 20_000) };
  }
  if (type === "0") return { kind: "connected" };
  if (type === "4") return { kind: "refused", code: String(body.data?.code ?? body.message ?? "REFUSED") };
  if (!Array.isArray(body)) return { kind: "other" };
  if (type === "2") return { kind: "event", message: { name: body[0], payload: body[1] } };
  if (type === "3" && id !== "") return { kind: "ack", id: Number(id), answer: body[0] ?? {} };
  return { kind: "other" };
}
