// Reads JSON that strangers send: UTF-8 or nothing, nested within bounds, each key once. JSON.parse alone
// takes the last of two equal keys where another reader takes the first, and makes a prototype of `__proto__`.
import { JSON_DEPTH_MAX } from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Parses a body. @returns the value, or INVALID_JSON with what is wrong */
export function parseJson(bytes: Uint8Array): Outcome<unknown> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return refuse("INVALID_JSON", { detail: "The body is not UTF-8." });
  }
  const fault = faultOf(text);
  if (fault !== null) return refuse("INVALID_JSON", { detail: fault });
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return refuse("INVALID_JSON", { detail: "The body is not JSON." });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;

/**
 * Why this text is refused before JSON.parse sees it; null when nothing speaks against that. One pass, no
 * recursion: text that is not JSON gets some answer, harmlessly.
 */
export function faultOf(text: string): string | null {
  // One set of keys for each open object, null for an open array.
  const open: (Set<string> | null)[] = [];
  let lastString = "";
  let lastStringEnds = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const start = i;
      let escaped = false;
      for (i++; i < text.length && text.charCodeAt(i) !== QUOTE; i++) {
        if (text.charCodeAt(i) === BACKSLASH) {
          escaped = true;
          i++;
        }
      }
      if (i >= text.length) return "The body is not JSON.";
      const key = stringOf(text.slice(start, i + 1), escaped);
      if (key === null) return "The body is not JSON.";
      lastString = key;
      lastStringEnds = i;
    } else if (code === COLON) {
      const keys = open.at(-1);
      if (keys === undefined || keys === null || lastStringEnds < 0) return "The body is not JSON.";
      if (lastString === "__proto__") return "A key is called __proto__.";
      if (keys.has(lastString)) return `A key stands twice: ${JSON.stringify(lastString.slice(0, 100))}.`;
      keys.add(lastString);
      lastStringEnds = -1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (open.length >= JSON_DEPTH_MAX) return `The body is nested deeper than ${JSON_DEPTH_MAX}.`;
      open.push(code === OPEN_OBJECT ? new Set() : null);
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      open.pop();
    }
  }
  return null;
}

function stringOf(quoted: string, escaped: boolean): string | null {
  if (!escaped) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}
