// What an exception means to whoever asked: a store that is away or full is "one moment, please"; anything
// else is a bug, answered the same way (it was not the caller's) and logged as what it is.
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import { HotStoreAway } from "@dropgate/lua/away";
import { sqlState } from "@dropgate/sql";
import { LaneShut } from "../joining/lane-call.ts";

/** SQLSTATE classes and codes that pass: connection, resources, shutdown, read-only, cancelled, locked, retried. */
const PASSING = [/^08/, /^53/, /^57P0/, /^25006$/, /^57014$/, /^55P03$/, /^40001$/, /^40P01$/, /^58/];
const BROKEN_CONNECTION =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|ENOTFOUND|EHOSTUNREACH|terminated|timeout exceeded|Client was closed|after calling end|not queryable|server closed/i;

/** Whether this is a store that is away, not a bug. */
export function isAway(error: unknown): boolean {
  if (error instanceof HotStoreAway || error instanceof LaneShut) return true;
  if (error instanceof AggregateError) return error.errors.some(isAway);
  if (!(error instanceof Error)) return false;
  if ("code" in error && BROKEN_CONNECTION.test(String(error.code))) return true;
  const state = sqlState(error);
  return state === undefined
    ? BROKEN_CONNECTION.test(error.message)
    : PASSING.some((pattern) => pattern.test(state));
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof LaneShut || error instanceof HotStoreAway) {
    return refuse("BUSY", { detail: "One moment: your place is safe. Ask again after retryAfterMs." });
  }
  return refuse("BUSY");
}
