// The frames of the contract's socket as the page reads and writes them (docs/reference/wire): Socket.IO's, the one
// namespace, text alone. The stock client carries four ways to connect and a reader for binary packets, 9 kB of a
// first load of 90; what is left without them is this file and live-link. Compared with the stock parsers in a test.

export type Frame =
  /** The server is there; longer silence than this (ms) means that it is not any more. */
  | { kind: "open"; silentMs: number }
  | { kind: "ping" }
  | { kind: "connected" }
  /** Who we say we are does not count. */
  | { kind: "refused" }
  /** Put out, or told to come back: the connection ends. */
  | { kind: "end" }
  | { kind: "event"; name: string; payload: unknown }
  /** What was asked under this number, answered. */
  | { kind: "answer"; id: number; value: unknown }
  | { kind: "other" };

const OTHER: Frame = { kind: "other" };

/** Never throws: what is none of the contract's frames is `other`, and nothing follows from it. */
export function readFrame(text: string): Frame {
  const [, type = "", id = "", json = ""] = /^(4[0-4]|\d)(\d*)([^]*)$/.exec(text) ?? [];
  switch (type) {
    case "2":
      return { kind: "ping" };
    case "1":
    case "41":
      return { kind: "end" };
    case "40":
      return { kind: "connected" };
    case "44":
      return { kind: "refused" };
  }
  const data = parse(json);
  if (type === "0" && isObject(data)) {
    const { pingInterval, pingTimeout } = data;
    return { kind: "open", silentMs: Number(pingInterval) + Number(pingTimeout) };
  }
  if (!Array.isArray(data)) return OTHER;
  const [first, second] = data as unknown[];
  if (type === "42" && typeof first === "string") return { kind: "event", name: first, payload: second };
  return type === "43" && id !== "" ? { kind: "answer", id: Number(id), value: first } : OTHER;
}

/** Says who we are. */
export function connectFrame(auth: object): string {
  return `40${JSON.stringify(auth)}`;
}

export function askFrame(id: number, name: string, payload: object): string {
  return `42${id}${JSON.stringify([name, payload])}`;
}

export const PONG = "3";

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
