// Compares a script's header with its body, both ways: a key or argument that is used but not listed, or
// listed but not used, is a lie told to every caller. The tests run it over all scripts.
import { type Header, parseHeader } from "./header.ts";

// local lane, cards = KEYS[1], KEYS[2]    local unit, holder = ARGV[at], ARGV[at + 1]
const BINDING = /^ *local ([\w, ]+) = ((?:tonumber\()?(?:KEYS|ARGV)\[.*)$/gm;
const BOUND = /^(?:tonumber\()?(KEYS|ARGV)\[(?:(\d+)|at(?: \+ (\d+))?)\]\)?$/;
const LOOP = /for at = (\d+), #ARGV, (\d+) do/g;
const CALL = /redis\.call\('([A-Z]+)'(?:,\s*([\w'"][^,)]*))?/g;
const INCLUDED = /^-- INCLUDE ([a-z-]+)$/gm;

/**
 * @param text the script as its file has it, includes not resolved
 * @returns one sentence for each thing that is wrong
 */
export function checkHeader(text: string): string[] {
  let header: Header;
  try {
    header = parseHeader(text);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const body = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("--"))
    .join("\n");
  return [
    ...checkBindings(header, body),
    ...checkLoop(header, body),
    ...checkCalls(header, body),
    ...checkIncludes(text, body),
  ];
}

function checkBindings(header: Header, body: string): string[] {
  const wrong: string[] = [];
  const listed = new Map<string, string>([
    ...header.keys.map(({ name }, at): [string, string] => [`KEYS[${at + 1}]`, name]),
    ...header.fixed.map(({ name }, at): [string, string] => [`ARGV[${at + 1}]`, name]),
    ...header.each.map(({ name }, at): [string, string] => [
      at === 0 ? "ARGV[at]" : `ARGV[at + ${at}]`,
      name,
    ]),
  ]);
  const bound = new Map<string, string>();
  let rest = body;
  for (const [statement, names = "", expressions = ""] of body.matchAll(BINDING)) {
    rest = rest.replace(statement, "");
    const list = expressions.split(", ");
    for (const [at, name] of names.split(", ").entries()) {
      const match = BOUND.exec(list[at] ?? "");
      if (match) bound.set((list[at] ?? "").replace(/^tonumber\(|\)$/g, ""), name);
      else wrong.push(`${name} is bound to ${list[at] ?? "nothing"}`);
    }
  }
  for (const [place, name] of listed) {
    if (!bound.has(place)) wrong.push(`${name} is listed but ${place} is not used`);
    else if (bound.get(place) !== name) {
      wrong.push(`${place} is listed as ${name} but called ${bound.get(place)}`);
    } else if (!new RegExp(`\\b${name}\\b`).test(rest)) wrong.push(`${name} is listed but not used`);
  }
  for (const [place, name] of bound) {
    if (!listed.has(place)) wrong.push(`${name} is used as ${place} but not listed`);
  }
  for (const [use] of rest.matchAll(/(?:KEYS|ARGV)\[[^\]]*\]/g)) {
    wrong.push(`${use} is used without being given its name`);
  }
  return wrong;
}

function checkLoop(header: Header, body: string): string[] {
  const wrong: string[] = [];
  const loops = [...body.matchAll(LOOP)];
  const from = header.fixed.length + 1;
  if (loops.length !== (header.each.length > 0 ? 1 : 0)) {
    wrong.push(`${loops.length} loops for ${header.each.length} repeated arguments`);
  }
  for (const [, start, step] of loops) {
    if (Number(start) !== from) wrong.push(`the loop starts at ${start}, the repeated arguments at ${from}`);
    if (Number(step) !== header.each.length) wrong.push(`the loop steps by ${step}`);
  }
  for (const [, count] of body.matchAll(/#ARGV - (\d+)/g)) {
    if (Number(count) !== header.fixed.length) wrong.push(`#ARGV - ${count} is not the repeated arguments`);
  }
  return wrong;
}

function checkCalls(header: Header, body: string): string[] {
  const keys: readonly string[] = header.keys.map(({ name }) => name);
  return [...body.matchAll(CALL)]
    .filter(([, command, key]) => command !== "TIME" && !keys.includes(key ?? ""))
    .map(([, command, key]) => `${command} on ${key ?? "nothing"}, which is no key of the header`);
}

function checkIncludes(text: string, body: string): string[] {
  return [...text.matchAll(INCLUDED)]
    .map(([, name = ""]) => name)
    .filter(
      (name) => !body.includes(`${name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}(`),
    )
    .map((name) => `${name} is included but not called`);
}
