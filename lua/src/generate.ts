// Writes scripts.generated.ts from the headers of the scripts: `npx tsx lua/src/generate.ts`. A test
// compares the file with what this makes, so a header cannot change without its callers' types.
import { readdirSync, writeFileSync } from "node:fs";
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

/** What the generated file should be now. */
export function generated(): string {
  return generateTypes(listScripts().map((name) => ({ name, header: parseHeader(readScript(name)) })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(GENERATED, generated());
