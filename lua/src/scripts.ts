// Reads the scripts from their files and resolves what they include, so that Redis gets one text a script
// and EVALSHA its SHA-1.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Header, parseHeader } from "./header.ts";
import { SCRIPT_NAMES, type ScriptName } from "./scripts.generated.ts";

export interface Script {
  name: ScriptName;
  header: Header;
  /** With includes resolved, as it is loaded. */
  text: string;
  sha: string;
}

const FOLDER = new URL("./scripts/", import.meta.url);
const INCLUDE = /^-- INCLUDE ([a-z-]+)$/gm;

/** A script's own text, as its file has it. */
export function readScript(name: string): string {
  return readFileSync(new URL(`${name}.lua`, FOLDER), "utf8");
}

/** Replaces each `-- INCLUDE name` by the function of that file; an include includes nothing itself. */
export function resolveIncludes(text: string): string {
  return text.replace(INCLUDE, (_line, name: string) => readScript(`includes/${name}`).trimEnd());
}

/** Changes a script's text before it is loaded; the tests take guards out with it to see them missed. */
export type ScriptTransform = (name: ScriptName, text: string) => string;

/** All scripts, ready to load. */
export function readScripts(transform: ScriptTransform = (_name, text) => text): Map<ScriptName, Script> {
  return new Map(
    SCRIPT_NAMES.map((name) => {
      const own = readScript(name);
      const text = transform(name, resolveIncludes(own));
      const sha = createHash("sha1").update(text).digest("hex");
      return [name, { name, header: parseHeader(own), text, sha }];
    }),
  );
}
