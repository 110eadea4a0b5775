// Reads a script's header: its keys, its arguments and their types. Callers pack arguments by it and their
// types are generated from it; header-check.ts compares it with the body.
import { type KeyName, LANE_KEY_NAMES, SALE_KEY_NAMES, STOCK_KEY_NAMES } from "./keys.ts";

/** `int`: a whole number; `ms`: a time, whole too; `flag`: `1` or nothing; `text`: as it is. */
export const ARGUMENT_TYPES = ["int", "ms", "flag", "text"] as const;
export type ArgumentType = (typeof ARGUMENT_TYPES)[number];
export interface Argument {
  name: string;
  type: ArgumentType;
}

export interface Header {
  /** The sentence it begins with. */
  purpose: string;
  keys: { name: KeyName; type: string }[];
  /** Arguments that stand once, in order. */
  fixed: Argument[];
  /** The group that repeats at the end, empty when none does. */
  each: Argument[];
  reply: string;
  cost: string;
  keeps: string;
}

const TAGS = ["KEYS", "ARGV", "REPLY", "COST", "KEEPS"] as const;
const KEY_NAMES: readonly KeyName[] = [...LANE_KEY_NAMES, ...SALE_KEY_NAMES, ...STOCK_KEY_NAMES];

/** Reads the comment lines at the top of a script; @throws Error naming what is missing or unreadable */
export function parseHeader(text: string): Header {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--") || line.startsWith("-- INCLUDE "));
  const parts = { purpose: "", KEYS: "", ARGV: "", REPLY: "", COST: "", KEEPS: "" };
  let part: keyof typeof parts = "purpose";
  for (const line of lines.slice(0, end === -1 ? lines.length : end)) {
    const said = line.slice(2).trim();
    const tag = TAGS.find((tag) => said.startsWith(`${tag} `));
    if (tag) part = tag;
    parts[part] = `${parts[part]} ${tag ? said.slice(tag.length) : said}`.trim().replace(/\s+/g, " ");
  }
  for (const tag of TAGS) if (!parts[tag]) throw new Error(`the header has no ${tag}`);
  return {
    purpose: parts.purpose,
    keys: parts.KEYS.split(" · ").map(parseKey),
    ...parseArguments(parts.ARGV),
    reply: parts.REPLY,
    cost: parts.COST,
    keeps: parts.KEEPS,
  };
}

function parseKey(said: string): { name: KeyName; type: string } {
  const [word = "", ...type] = said.split(" ");
  const name = KEY_NAMES.find((name) => name === word);
  if (name === undefined) throw new Error(`no key is called ${word}`);
  return { name, type: type.join(" ") };
}

function parseArguments(said: string): { fixed: Argument[]; each: Argument[] } {
  if (said === "none") return { fixed: [], each: [] };
  const match = /^([^()]*?)(?: · )?(?:\(([^()]+)\)\*)?$/.exec(said);
  if (!match) throw new Error(`unreadable ARGV: ${said}`);
  const list = (text: string | undefined): Argument[] =>
    text === undefined || text === "" ? [] : text.split(" · ").map(parseArgument);
  return { fixed: list(match[1]), each: list(match[2]) };
}

function parseArgument(said: string): Argument {
  const match = /^([a-z][A-Za-z]*) (\w+)$/.exec(said);
  const type = ARGUMENT_TYPES.find((type) => type === match?.[2]);
  if (match?.[1] === undefined || !type) throw new Error(`unreadable argument: ${said}`);
  return { name: match[1], type };
}

export type ArgumentValue = string | number | boolean;
/** Arguments by the names of a header. */
export type ArgumentValues = Readonly<Record<string, ArgumentValue>>;

/**
 * Puts arguments into the order of the header.
 * @throws TypeError when one is missing or of another type: a bug of the caller
 */
export function packArguments(
  header: Header,
  fixed: ArgumentValues,
  each: readonly ArgumentValues[],
): string[] {
  const packed = header.fixed.map((argument) => packArgument(argument, fixed[argument.name]));
  for (const item of each) {
    for (const argument of header.each) packed.push(packArgument(argument, item[argument.name]));
  }
  return packed;
}

function packArgument({ name, type }: Argument, value: ArgumentValue | undefined): string {
  if (type === "text" && typeof value === "string") return value;
  if (type === "flag" && typeof value === "boolean") return value ? "1" : "";
  if ((type === "int" || type === "ms") && Number.isSafeInteger(value)) return String(value);
  throw new TypeError(`${name} must be ${type}, not ${JSON.stringify(value)}`);
}
