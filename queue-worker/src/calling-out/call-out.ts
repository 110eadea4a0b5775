// One call to somebody outside: a POST of JSON. Bounded in time and in what is read, redirects are not followed, and
// it goes to the very address that was judged, so that a name cannot mean another host between the look and the call.
import { lookup as lookUpName } from "node:dns";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { CallableAddresses } from "./addresses.ts";

export interface CallOut {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** From the first look for its address to the last byte of its answer. */
  msMax: number;
  answerBytesMax: number;
}

export type CalledOut =
  | { answered: true; status: number; text: string }
  /** Whether it was heard is unknown. `reason` is a sentence's end for people. */
  | { answered: false; reason: string };

export async function callOut(call: CallOut, addresses: CallableAddresses): Promise<CalledOut> {
  const url = new URL(call.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { answered: false, reason: "the address is neither http nor https" };
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // A host that is an address is never looked up, so it is judged here.
  if (isIP(host) !== 0 && !addresses.mayCall(host))
    return { answered: false, reason: refused(host, addresses) };
  try {
    return await send(call, url, lookupOf(addresses));
  } catch (error) {
    return { answered: false, reason: reasonOf(error, call.msMax) };
  }
}

function send(call: CallOut, url: URL, lookup: LookupFunction): Promise<CalledOut> {
  const body = Buffer.from(call.body);
  const options: RequestOptions = {
    method: "POST",
    headers: { "content-type": "application/json", ...call.headers, "content-length": String(body.length) },
    lookup,
    signal: AbortSignal.timeout(call.msMax),
    // A connection of its own: one that is kept would be reused without a look at its address.
    agent: false,
  };
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options, (response) => {
      isAnswered = true;
      const status = response.statusCode ?? 0;
      const parts: Buffer[] = [];
      let bytes = 0;
      const end = (): void => resolve({ answered: true, status, text: Buffer.concat(parts).toString() });
      response.on("data", (part: Buffer) => {
        parts.push(part.subarray(0, Math.max(0, call.answerBytesMax - bytes)));
        bytes += part.length;
        if (bytes < call.answerBytesMax) return;
        // The status is what counts; the rest is not read.
        end();
        request.destroy();
      });
      response.once("end", end);
      response.on("error", reject);
      response.once("close", () => reject(new Error("the answer broke off")));
    });
    request.on("error", reject);
    // A connection may end with neither answer nor error: whoever answers 101 is hung up on without a word of it.
    request.once("close", () => {
      if (!isAnswered) reject(new Error("the connection ended without an answer"));
    });
    request.end(body);
  });
}

/** Answers with the addresses of a name that may be called; refuses a name that has any other. */
function lookupOf(addresses: CallableAddresses): LookupFunction {
  return (name, options, answer) => {
    lookUpName(name, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, "");
      const bad = found.find(({ address }) => !addresses.mayCall(address));
      if (bad !== undefined) return answer(new Error(refused(bad.address, addresses)), "");
      const [first] = found;
      if (first === undefined) return answer(new Error("the name has no address"), "");
      if (options.all === true) return answer(null, found);
      answer(null, first.address, first.family);
    });
  };
}

function refused(address: string, { setting }: CallableAddresses): string {
  return `${address} is not a public address, and ${setting} does not name it`;
}

function reasonOf(error: unknown, msMax: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "AbortError" || error.name === "TimeoutError")
    return `no answer within ${msMax / 1000} s`;
  return error.message;
}
