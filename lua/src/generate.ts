// Writes scripts.generated.ts and the table of docs/concepts/hot-store.md from the scripts' headers:
// `npx tsx lua/src/generate.ts`. A test compares both with what this makes, so none of the three lags behind.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Argument, type ArgumentType, type Header, parseHeader } from "./header.ts";
import { readScript } from "./scripts.ts";

const TYPES: Record<ArgumentType, string> = { int: "number", ms: "number", flag: "boolean", text: "string" };
/** Every script begins with these; LaneStore fills them in. */
const FENCE = new Set(["epoch", "layout"]);
const GENERATED = new URL("./scripts.generated.ts", import.meta.url);

/** The scripts that the folder holds, by name. */
export function listScripts(): string[] {
  return readdirSync(new URL("./scripts/", import.meta.url))
    .filter((file) => file.endsWith(".lua"))
    .map((file) => file.slice(0, -".lua".length))
    .toSorted();
}

/** The TypeScript source that says what each script takes. */
export function generateTypes(headers: readonly { name: string; header: Header }[]): string {
  const names = headers.map(({ name }) => `  ${quoted(name)},\n`).join("");
  const takes = headers
    .map(({ name, header }) => `  ${property(name)}: ${argumentsType(header)};\n`)
    .join("");
  return [
    "// Made from the headers of the scripts by generate.ts; change those and run it again.",
    "// What each script takes, beside the epoch and layout that every call brings.",
    "",
    `export const SCRIPT_NAMES = [\n${names}] as const;`,
    "export type ScriptName = (typeof SCRIPT_NAMES)[number];",
    "",
    `export interface ScriptArguments {\n${takes}}`,
    "",
  ].join("\n");
}

function argumentsType(header: Header): string {
  const fixed = header.fixed.filter(({ name }) => !FENCE.has(name));
  const each = header.each.length === 0 ? "never" : `{ ${fields(header.each)} }`;
  return `{ fixed: ${fixed.length === 0 ? "null" : `{ ${fields(fixed)} }`}; each: ${each} }`;
}

function fields(list: readonly Argument[]): string {
  return list.map(({ name, type }) => `${name}: ${TYPES[type]}`).join("; ");
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function property(name: string): string {
  return /^[a-z]+$/.test(name) ? name : quoted(name);
}

function readHeaders(): { name: string; header: Header }[] {
  return listScripts().map((name) => ({ name, header: parseHeader(readScript(name)) }));
}

/** What the generated file should be now. */
export function generated(): string {
  return generateTypes(readHeaders());
}

const DOCUMENT = new URL("../../docs/concepts/hot-store.md", import.meta.url);
const TABLE = /(<!-- scripts: [^>]*-->\n).*(<!-- \/scripts -->)/s;

/** The page as it is, and as it should be with the table of the headers as they are now. */
export function document(): { is: string; shouldBe: string } {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = readHeaders().map(({ name, header }) => {
    const keys = header.keys.map((key) => key.name).join(" ");
    return `| \`${name}\` | ${keys} | ${cell(header.purpose)} | ${cell(header.keeps)} | ${cell(header.cost)} |\n`;
  });
  const head = "\n| script | keys | does | keeps | cost |\n| --- | --- | --- | --- | --- |\n";
  const is = readFileSync(DOCUMENT, "utf8");
  const put = (_all: string, from: string, to: string): string => `${from}${head}${rows.join("")}\n${to}`;
  return { is, shouldBe: is.replace(TABLE, put) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(GENERATED, generated());
  writeFileSync(DOCUMENT, document().shouldBe);
}
