// How the end of an act is said that has no place of its own to say it.
import type { Outcome } from "../api/call.ts";
import { sentenceOf } from "../api/problem.ts";
import { say } from "./status.tsx";

/** @param done said when it was done; null: it shows by itself */
export async function sayOutcome(outcome: Promise<Outcome<unknown>>, done: string | null): Promise<void> {
  const ended = await outcome;
  if (!ended.ok) say(sentenceOf(ended.problem), "bad");
  else if (done !== null) say(done);
}
