// Reads the scripts from their files and resolves what they include, so that Redis gets one text a script
// and EVALSHA its SHA-1.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Header, parseHeader } from "./header.ts";
import { SCRIPT_NAMES, type ScriptName } from "./scripts.generated.ts";

/** As it is loaded. */
export interface ScriptText {
  text: string;
  sha: string;
}

/** Its text has the includes resolved. */
export interface Script extends ScriptText {
  name: ScriptName;
  header: Header;
  /**
   * The same for many SKUs in one call: KEYS of each, one after another, and in ARGV before each's own how many they
   * are; the reply has a reply for each. Only for a server outside of a cluster: each SKU has a slot of its own. Null
   * for a script that is not asked for many in one moment.
   */
  many: ScriptText | null;
}

/** What an order asks of each of its SKUs. */
const OF_EACH_SKU: ReadonlySet<ScriptName> = new Set(["stock-look", "stock-hold", "stock-settle"]);

const FOLDER = new URL("./scripts/", import.meta.url);
const INCLUDE = /^-- INCLUDE ([a-z-]+)$/gm;

/** A script's own text, as its file has it. */
export function readScript(name: string): string {
  return readFileSync(new URL(`${name}.lua`, FOLDER), "utf8");
}

/** Stands between what is included and the script's own. */
const BODY = "-- BODY";

/** Replaces each `-- INCLUDE name` by the function of that file; an include includes nothing itself. */
export function resolveIncludes(text: string): string {
  const includes: string[] = [];
  const own = text.replace(INCLUDE, (_line, name: string) => {
    includes.push(readScript(`includes/${name}`).trimEnd());
    return "";
  });
  return [...includes, BODY, own].join("\n");
}

/** Changes a script's text before it is loaded; the tests take guards out with it to see them missed. */
export type ScriptTransform = (name: ScriptName, text: string) => string;

/** All scripts, ready to load. */
export function readScripts(transform: ScriptTransform = (_name, text) => text): Map<ScriptName, Script> {
  return new Map(
    SCRIPT_NAMES.map((name) => {
      const own = readScript(name);
      const text = transform(name, resolveIncludes(own));
      const header = parseHeader(own);
      const many = OF_EACH_SKU.has(name) ? withSha(forMany(text, header.keys.length)) : null;
      return [name, { name, header, ...withSha(text), many }];
    }),
  );
}

function withSha(text: string): ScriptText {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

function forMany(text: string, keys: number): string {
  const [includes = "", body = ""] = text.split(BODY);
  return `${includes}
local function one(KEYS, ARGV)
${body}
end
local replies, key, arg = {}, 0, 1
while arg <= #ARGV do
  local keys, args = {}, {}
  for nth = 1, ${keys} do keys[nth] = KEYS[key + nth] end
  for nth = 1, tonumber(ARGV[arg]) do args[nth] = ARGV[arg + nth] end
  key, arg = key + ${keys}, arg + #args + 1
  replies[#replies + 1] = one(keys, args)
end
return replies
`;
}
