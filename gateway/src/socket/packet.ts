// The frames of the Socket.IO v4 protocol (Engine.IO v4 inside a WebSocket text frame), read and written by pure
// functions. Nothing here trusts its input: what is not exactly a frame we know is `malformed`, with the reason.

/** What a text frame says. Namespaces are "/" unless named; an `id` asks for, or is, an acknowledgement. */
export type Frame =
  | { kind: "ping" }
  | { kind: "pong" }
  | { kind: "close" }
  | { kind: "noop" }
  | { kind: "connect"; namespace: string; auth: Record<string, unknown> | undefined }
  | { kind: "connectError"; namespace: string; error: Record<string, unknown> | string }
  | { kind: "disconnect"; namespace: string }
  | { kind: "event"; namespace: string; id: number | undefined; name: string | number; args: unknown[] }
  | { kind: "ack"; namespace: string; id: number; args: unknown[] };

/** Why a frame was not understood; it becomes the text of the WebSocket close frame. */
export type MalformedReason =
  | "unknown engine packet"
  | "unknown packet type"
  | "binary packet"
  | "bad namespace"
  | "bad acknowledgement id"
  | "bad payload"
  | "nested too deep"
  | "reserved event name";

export type Malformed = { kind: "malformed"; reason: MalformedReason };

/** Names that mean something to event emitters on either side, so that they never travel as events. */
const RESERVED_EVENTS = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** A namespace comes back in the error that refuses it; so only short, plain ASCII ones are understood. */
const NAMESPACE = /^\/[\w.~:@!$*+;=%?#/-]{0,127}$/;

/** Fifteen digits are always a safe integer; an honest client counts from 0. */
const ID_DIGITS_MAX = 15;

const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Reads one WebSocket text frame. Never throws, whatever the text.
 * @param text the whole frame
 * @param depthMax how deep arrays and objects may nest; looked at before JSON.parse sees them
 */
export function parseFrame(text: string, depthMax: number): Frame | Malformed {
  if (text.length === 1) {
    if (text === "3") return { kind: "pong" };
    if (text === "2") return { kind: "ping" };
    if (text === "1") return { kind: "close" };
    if (text === "6") return { kind: "noop" };
  }
  if (text.charCodeAt(0) !== 0x34 /* 4, a message */) return malformed("unknown engine packet");
  const type = text.charCodeAt(1) - ZERO;
  if (type === 5 || type === 6) return malformed("binary packet");
  if (!(type >= 0 && type <= 4)) return malformed("unknown packet type");

  let at = 2;
  let namespace = "/";
  if (text.charCodeAt(at) === SLASH) {
    const comma = text.indexOf(",", at);
    const end = comma === -1 ? text.length : comma;
    namespace = text.slice(at, end);
    if (!NAMESPACE.test(namespace)) return malformed("bad namespace");
    at = comma === -1 ? end : comma + 1;
  }

  const digits = countDigits(text, at);
  if (digits > ID_DIGITS_MAX) return malformed("bad acknowledgement id");
  const id = digits === 0 ? undefined : Number(text.slice(at, at + digits));
  return parsePayload(type, namespace, id, text.slice(at + digits), depthMax);
}

function parsePayload(
  type: number,
  namespace: string,
  id: number | undefined,
  json: string,
  depthMax: number,
): Frame | Malformed {
  if (id !== undefined && type !== 2 && type !== 3) return malformed("bad acknowledgement id");
  if (json === "") {
    if (type === 0) return { kind: "connect", namespace, auth: undefined };
    if (type === 1) return { kind: "disconnect", namespace };
    return malformed("bad payload");
  }
  // JSON may begin with a space, a payload may not: other parsers take a space there for a digit of the id.
  if (json.charCodeAt(0) <= 0x20) return malformed("bad payload");
  if (nestsDeeperThan(json, depthMax)) return malformed("nested too deep");
  let payload: unknown;
  try {
    payload = JSON.parse(json);
  } catch {
    return malformed("bad payload");
  }
  switch (type) {
    case 0:
      return isRecord(payload) ? { kind: "connect", namespace, auth: payload } : malformed("bad payload");
    case 2:
      return Array.isArray(payload) ? readEvent(namespace, id, payload) : malformed("bad payload");
    case 3:
      if (id === undefined) return malformed("bad acknowledgement id");
      return Array.isArray(payload)
        ? { kind: "ack", namespace, id, args: payload }
        : malformed("bad payload");
    case 4:
      return typeof payload === "string" || isRecord(payload)
        ? { kind: "connectError", namespace, error: payload }
        : malformed("bad payload");
    default: // a disconnect carries nothing
      return malformed("bad payload");
  }
}

function readEvent(namespace: string, id: number | undefined, payload: unknown[]): Frame | Malformed {
  const [name, ...args] = payload;
  // 1e999 is a number to JSON.parse, and to nobody else.
  if (typeof name === "number" && Number.isFinite(name)) return { kind: "event", namespace, id, name, args };
  if (typeof name !== "string") return malformed("bad payload");
  if (RESERVED_EVENTS.has(name)) return malformed("reserved event name");
  return { kind: "event", namespace, id, name, args };
}

/** Writes a frame as it travels. `parseFrame(encodeFrame(f))` equals `f` for every frame whose payload is JSON. */
export function encodeFrame(frame: Frame): string {
  switch (frame.kind) {
    case "close":
      return "1";
    case "ping":
      return "2";
    case "pong":
      return "3";
    case "noop":
      return "6";
    case "connect":
      return prefix("40", frame.namespace) + (frame.auth === undefined ? "" : JSON.stringify(frame.auth));
    case "connectError":
      return prefix("44", frame.namespace) + JSON.stringify(frame.error);
    case "disconnect":
      return prefix("41", frame.namespace);
    case "event":
      return prefix("42", frame.namespace) + (frame.id ?? "") + JSON.stringify([frame.name, ...frame.args]);
    default:
      return prefix("43", frame.namespace) + frame.id + JSON.stringify(frame.args);
  }
}

/** An event for the default namespace, ready to be sent to one socket or published to many. */
export function encodeEvent(name: string, ...args: unknown[]): string {
  return `42${JSON.stringify([name, ...args])}`;
}

/** The answer to an event that came with an acknowledgement id. */
export function encodeAck(id: number, args: unknown[]): string {
  return `43${id}${JSON.stringify(args)}`;
}

/**
 * Whether arrays and objects nest deeper than `depthMax`, found by one pass over the characters: a parser's stack
 * is not spent on it. Brackets within strings don't count; text that is not JSON gets some answer, harmlessly.
 */
export function nestsDeeperThan(json: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (inString) {
      if (code === 0x5c /* \ */) i++;
      else if (code === 0x22 /* " */) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x5b /* [ */ || code === 0x7b /* { */) {
      if (++depth > depthMax) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    }
  }
  return false;
}

function countDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= NINE) at++;
  return at - from;
}

function prefix(type: string, namespace: string): string {
  return namespace === "/" ? type : `${type}${namespace},`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(reason: MalformedReason): Malformed {
  return { kind: "malformed", reason };
}
