// One call of the contract. What comes back is a value: the answer, or the problem in the server's own words; nobody
// who calls has to catch anything.
import type { ENDPOINTS, EndpointName } from "@dropgate/contracts/endpoints";
import type { Problem } from "@dropgate/contracts/values";
import { CALLS, type CallName } from "./calls.ts";

type Endpoint<Name extends EndpointName> = (typeof ENDPOINTS)[Name];
type Given<Schema> = Schema extends { _zod: { input: infer Value } } ? Value : never;
type Told<Schema> = Schema extends { _zod: { output: infer Value } } ? Value : never;
type ParameterOf<Path> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** What a call takes: parameters of its path, its query and its body, each only where the contract has one. */
export type Request<Name extends CallName> = ([ParameterOf<Endpoint<Name>["path"]>] extends [never]
  ? { parameters?: never }
  : { parameters: Record<ParameterOf<Endpoint<Name>["path"]>, string> }) &
  (Endpoint<Name> extends { query: infer Query } ? { query?: Given<Query> } : { query?: never }) &
  (Endpoint<Name> extends { body: infer Body } ? { body: Given<Body> } : { body?: never });
export type AnswerOf<Name extends CallName> = Told<
  Endpoint<Name>["answers"][keyof Endpoint<Name>["answers"]]
>;

/** `AWAY`: nobody answered, or somebody else than the gateway did. */
export interface Trouble extends Pick<Problem, "title" | "detail"> {
  code: string;
  status: number;
  errors: { pointer: string; detail: string }[];
  retryAfterMs: number | null;
}
export type Outcome<Value> = { ok: true; value: Value } | { ok: false; problem: Trouble };

/** No answer within this is none. */
const ANSWER_MS_MAX = 20_000;
const AWAY: Trouble = {
  code: "AWAY",
  status: 0,
  title: "The server did not answer",
  detail: "Check the network and try again.",
  errors: [],
  retryAfterMs: null,
};

/** The running session's token, which every change has to bring; set by the session's store. */
let csrfToken = "";
export function bringToken(token: string): void {
  csrfToken = token;
}

/** Hears every refusal, whoever called: a session that is over is over for the whole page. */
let heardRefusal: (problem: Trouble) => void = () => {};
export function onRefusal(hear: (problem: Trouble) => void): void {
  heardRefusal = hear;
}

/**
 * Calls the contract. A change that nobody answered is tried once more under the same Idempotency-Key, so that it is
 * never done twice.
 */
export async function call<Name extends CallName>(
  name: Name,
  request: Request<Name>,
  signal?: AbortSignal,
): Promise<Outcome<AnswerOf<Name>>> {
  const [method = "GET", path = ""] = CALLS[name].split(" ");
  const address = addressOf(path, request.parameters ?? {}, request.query ?? {});
  const headers: Record<string, string> = { accept: "application/json" };
  const init: RequestInit = { method, headers, cache: "no-store", credentials: "same-origin" };
  if (method !== "GET") {
    headers["x-csrf-token"] = csrfToken;
    headers["idempotency-key"] = newKey();
    if (method !== "DELETE") {
      headers["content-type"] = "application/json";
      init.body = JSON.stringify(request.body ?? {});
    }
  }
  const first = await send<AnswerOf<Name>>(address, init, signal);
  const isLost = !first.ok && first.problem.code === "AWAY" && signal?.aborted !== true;
  const outcome = isLost && method !== "GET" ? await send<AnswerOf<Name>>(address, init, signal) : first;
  if (!outcome.ok) heardRefusal(outcome.problem);
  return outcome;
}

async function send<Value>(
  address: string,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<Outcome<Value>> {
  const timeout = AbortSignal.timeout(ANSWER_MS_MAX);
  try {
    const response = await fetch(address, {
      ...init,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (response.status === 204) return { ok: true, value: undefined as Value };
    const body: unknown = await response.json();
    if (response.ok) return { ok: true, value: body as Value };
    return { ok: false, problem: troubleOf(body as Partial<Problem>, response) };
  } catch {
    return { ok: false, problem: AWAY };
  }
}

function troubleOf(body: Partial<Problem>, response: Response): Trouble {
  if (typeof body.code !== "string") return AWAY;
  const retryAfter = Number(response.headers.get("retry-after"));
  return {
    code: body.code,
    status: response.status,
    title: body.title ?? "",
    detail: body.detail ?? "",
    errors: body.errors ?? [],
    retryAfterMs: body.retryAfterMs ?? (retryAfter > 0 ? retryAfter * 1_000 : null),
  };
}

/** A path of the contract with its parameters and query filled in. */
export function addressOf(
  path: string,
  parameters: Readonly<Record<string, string>>,
  query: Readonly<Record<string, unknown>>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(parameters[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (
      typeof value === "number" ||
      typeof value === "boolean" ||
      (typeof value === "string" && value !== "")
    )
      search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? filled : `${filled}?${text}`;
}

/** Not `randomUUID`: browsers keep that from pages by plain http. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
