// Reads the scripts' replies into the types of lane-answers.ts. What does not fit is a script and a caller
// of different releases, or a bug: it throws.
import type { EntryId, HoldId, Shopper, ShopperKey } from "@dropgate/contracts/ids";
import { PHASES, type Phase } from "@dropgate/contracts/states/phase";
import { type Card, parseCard } from "./card.ts";
import {
  ABSENT,
  type Arrival,
  type AttemptOutcome,
  type CardOutcome,
  type CloseOutcome,
  FREE,
  type JoinOutcome,
  type LeaveOutcome,
  type Pulse,
  type UnitRecord,
} from "./lane-answers.ts";

export type Reply = string | number | null | readonly Reply[];

class Unreadable extends Error {
  constructor(what: string, reply: unknown) {
    super(`not ${what}: ${JSON.stringify(reply)}`);
  }
}

export function readText(reply: Reply | undefined): string {
  if (typeof reply !== "string") throw new Unreadable("a text", reply);
  return reply;
}

/** A number as an integer reply or as text. */
export function readNumber(reply: Reply | undefined): number {
  const number = typeof reply === "string" && reply !== "" ? Number(reply) : reply;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw new Unreadable("a number", reply);
  return number;
}

export function readList(reply: Reply | undefined): readonly Reply[] {
  if (reply === null || typeof reply !== "object") throw new Unreadable("a list", reply);
  return reply;
}

export function readFlags(replies: readonly Reply[]): boolean[] {
  return replies.map((reply) => readNumber(reply) === 1);
}

export function readPhase(reply: Reply | undefined): Phase {
  const phase = PHASES.find((phase) => phase === reply);
  if (phase === undefined) throw new Unreadable("a phase", reply);
  return phase;
}

export function readJoinOutcome(reply: Reply): JoinOutcome {
  const [outcome, what] = readList(reply);
  switch (outcome) {
    case "new":
    case "same":
      return { outcome, card: parseCard(readText(what)) };
    case "again":
      return { outcome, attempt: readNumber(what) };
    case "limit":
    case "notOpen":
    case "closed":
      return { outcome };
    default:
      throw new Unreadable("an outcome of a join", reply);
  }
}

export function readAttemptOutcome(reply: Reply): AttemptOutcome {
  const [outcome, what] = readList(reply);
  switch (outcome) {
    case "begun":
      return { outcome, attempt: readNumber(what) };
    case "held":
      return { outcome, card: parseCard(readText(what)) };
    case "limit":
    case "busy":
      return { outcome };
    case "shut":
      return { outcome, phase: readPhase(what) };
    default:
      throw new Unreadable("an outcome of an attempt", reply);
  }
}

export function readLeaveOutcome(reply: Reply): LeaveOutcome {
  const [outcome, seq] = readList(reply);
  switch (outcome) {
    case "left":
      return { outcome, seq: readNumber(seq) };
    case "same":
    case "hold":
    case "wrong":
    case "none":
      return { outcome };
    default:
      throw new Unreadable("an outcome of a leave", reply);
  }
}

export function readCloseOutcome([outcome, what]: readonly Reply[]): CloseOutcome {
  switch (outcome) {
    case "closed":
      return { outcome, seq: readNumber(what) };
    case "same":
      return { outcome };
    case "early":
      return { outcome, bucket: readNumber(what) };
    case "settling":
      return { outcome, waitMs: readNumber(what) };
    default:
      throw new Unreadable("an outcome of a close", outcome);
  }
}

export function readCardOutcome(reply: Reply): CardOutcome {
  if (reply === "written" || reply === "old" || reply === "left") return reply;
  throw new Unreadable("an outcome of a card", reply);
}

export function readCard(reply: Reply): Card | null {
  return reply === null ? null : parseCard(readText(reply));
}

/** As join.lua, leave.lua and close.lua write them. A shopper may have any character, this one too: the last numbers end it. */
const JOIN = /^(\d+)-0\|join\|([\w-]+)\|([\w-]+)\|(.+)\|(\d+)\|(\d+)\|(\d+)$/s;
const LEAVE = /^(\d+)-0\|leave\|([\w-]+)\|([\w-]+)\|(\d+)\|(\d+)\|(\d+)$/;
const CLOSE = /^(\d+)-0\|close\|(\d+)\|(\d+)$/;

/** A record of the ordered log: `id|kind|values…`. */
export function readArrival(reply: Reply): Arrival {
  const text = readText(reply);
  const join = JOIN.exec(text);
  if (join) {
    return {
      kind: "join",
      seq: Number(join[1]),
      bucket: Number(join[6]),
      ms: Number(join[7]),
      entryId: join[2] as EntryId,
      key: join[3] as ShopperKey,
      attempt: Number(join[5]),
      shopper: join[4] as Shopper,
    };
  }
  const leave = LEAVE.exec(text);
  if (leave) {
    return {
      kind: "leave",
      seq: Number(leave[1]),
      bucket: Number(leave[5]),
      ms: Number(leave[6]),
      entryId: leave[2] as EntryId,
      key: leave[3] as ShopperKey,
      attempt: Number(leave[4]),
    };
  }
  const close = CLOSE.exec(text);
  if (!close) throw new Unreadable("an arrival", reply);
  return { kind: "close", seq: Number(close[1]), bucket: Number(close[2]), ms: Number(close[3]) };
}

export function readUnitRecord(reply: Reply): UnitRecord {
  const text = readText(reply);
  if (text === FREE || text === ABSENT) return { state: text, ms: null };
  const cut = text.lastIndexOf("|");
  return { state: text.slice(0, cut), ms: readNumber(text.slice(cut + 1)) };
}

export function readPulse(replies: readonly Reply[]): Pulse {
  const [phase, version, limit, bucket, opened, seq, stored, msg, waiting, now, free, takes] = replies;
  const list = readList(takes);
  const pending: Pulse["pending"] = [];
  for (let at = 0; at < list.length; at += 3) {
    pending.push({
      unit: readNumber(list[at]),
      holdId: readText(list[at + 1]) as HoldId,
      ms: readNumber(list[at + 2]),
    });
  }
  return {
    phase: readPhase(phase),
    version: readNumber(version),
    limitPerShopper: readNumber(limit),
    bucket: readNumber(bucket),
    openedMs: opened === "" ? null : readNumber(opened),
    seq: readNumber(seq),
    stored: readNumber(stored),
    msg: readNumber(msg),
    waiting: readNumber(waiting),
    nowMs: readNumber(now),
    free: readNumber(free),
    pending,
  };
}
