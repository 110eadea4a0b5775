// Tells Dropgate what happened: what is due, a batch at a time, signed, until it is taken.
import type { Memory } from "./memory.ts";
import { sign } from "./signing.ts";

const BATCH_MAX = 100;
const ANSWER_MS_MAX = 10_000;
const AGAIN_MS_MAX = 5_000;

export interface TellingParts {
  memory: Memory;
  gatewayUrl: string;
  secret: string;
  now: () => number;
  say: (level: "info" | "warn", text: string) => void;
}

/** Sends what is due. @returns after how long to look again, in ms */
export function beginTelling({ memory, gatewayUrl, secret, now, say }: TellingParts): () => Promise<number> {
  let failures = 0;
  return async () => {
    const due = memory.due(now()).slice(0, BATCH_MAX);
    if (due.length === 0) return 100;
    const events = due.flatMap(({ event, twice }) => (twice ? [event, event] : [event]));
    const body = JSON.stringify(events);
    const answer = await post(`${gatewayUrl}/api/v1/wms/events`, body, sign(secret, body, now()));
    if (answer.isTaken) {
      failures = 0;
      // What is refused for good would be refused again; it stands here for whoever looks.
      for (const refused of rejectedIn(answer.text)) say("warn", `refused: ${JSON.stringify(refused)}`);
      await memory.told(due.map(({ event }) => event.eventId));
      for (const { event } of due) say("info", `told ${event.eventType} ${event.eventId}`);
      return 0;
    }
    failures += 1;
    if (failures === 1) say("warn", `${due.length} events are told later: ${answer.text}`);
    return Math.min(AGAIN_MS_MAX, 200 * 2 ** failures);
  };
}

async function post(
  url: string,
  body: string,
  signature: string,
): Promise<{ isTaken: boolean; text: string }> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-signature": signature },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await answer.text();
    return { isTaken: answer.ok, text: answer.ok ? text : `${answer.status} ${text.slice(0, 300)}` };
  } catch (error) {
    return { isTaken: false, text: error instanceof Error ? error.message : String(error) };
  }
}

function rejectedIn(text: string): unknown[] {
  try {
    const { rejected }: { rejected?: unknown } = JSON.parse(text);
    return Array.isArray(rejected) ? rejected : [];
  } catch {
    return [];
  }
}
