// How often somebody may try a password, and what is counted. Each try takes a token of every count it falls under before
// the password is looked at, so that a thousand at once are no way around; a right one gives them back. So only wrong
// ones cost, and none is ever more than a wait: there is no state in which an account is shut.
import { createHash } from "node:crypto";
import {
  TRIES_OF_ACCOUNT,
  TRIES_OF_ADDRESS,
  TRIES_OF_DEVICE,
  TRIES_OF_PAIR,
  TRIES_SWEPT_MAX,
} from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { giveTriesBack, lockTries, sweepTries, writeTries } from "@dropgate/sql/operators/sign-in-tries";
import { fullAfterOne, waitForOne } from "../edge/rate-limit.ts";

/** One count that a try falls under. */
export interface Count {
  key: Buffer;
  burst: number;
  everySeconds: number;
}

/** A name of what is counted; hashed, so that the table tells nobody who tried where. */
function keyOf(...what: string[]): Buffer {
  return createHash("sha256").update(JSON.stringify(what)).digest();
}

/**
 * What a try is counted under.
 * @param address as it is counted (an IPv6 /64 is one); null: addresses are not to be gone by
 * @param device the browser, if this account has signed in from it before. It then has a count of its own and falls under
 *   no other: whoever uses up the account's tries from elsewhere does not keep its owner out.
 */
export function countsOf(email: string, address: string | null, device: string | null): Count[] {
  if (device !== null) return [{ key: keyOf("device", email, device), ...TRIES_OF_DEVICE }];
  const account = { key: keyOf("account", email), ...TRIES_OF_ACCOUNT };
  if (address === null) return [account];
  return [
    account,
    { key: keyOf("pair", email, address), ...TRIES_OF_PAIR },
    { key: keyOf("address", address), ...TRIES_OF_ADDRESS },
  ];
}

/**
 * Pure: takes a token of every count, or of none.
 * @param fullAtMs when each count has all of its tries again
 */
export function judgeTry(
  counts: readonly Count[],
  fullAtMs: readonly number[],
  nowMs: number,
): { ok: true; fullAtMs: number[] } | { ok: false; waitMs: number } {
  const next = counts.map((count, i) => fullAfterOne(fullAtMs[i] ?? 0, nowMs, count.everySeconds * 1_000));
  const waits = counts.map(({ burst, everySeconds }, i) =>
    waitForOne(next[i] ?? 0, nowMs, burst * everySeconds * 1_000),
  );
  const waitMs = Math.max(0, ...waits);
  return waitMs > 0 ? { ok: false, waitMs } : { ok: true, fullAtMs: next };
}

/** @returns 0 when there may be a try now, else the milliseconds until there may be one */
export async function takeTry(truth: Truth, counts: readonly Count[]): Promise<number> {
  await sweepTries(truth, TRIES_SWEPT_MAX);
  const keys = counts.map(({ key }) => key);
  return truth.transaction(async (tx) => {
    const locked = await lockTries(tx, keys);
    const judged = judgeTry(counts, locked.fullAtMs, locked.nowMs);
    if (!judged.ok) return judged.waitMs;
    await writeTries(
      tx,
      keys.map((key, i) => ({ key, fullAtMs: judged.fullAtMs[i] ?? 0 })),
    );
    return 0;
  });
}

/** The password was right: it was no try. */
export async function returnTry(truth: Truth, counts: readonly Count[]): Promise<void> {
  await truth.transaction((tx) =>
    giveTriesBack(
      tx,
      counts.map(({ key, everySeconds }) => ({ key, ms: everySeconds * 1_000 })),
    ),
  );
}
