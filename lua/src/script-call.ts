// How a script is asked for: by its name, with keys and arguments by the names of its header.
import type { ArgumentValues } from "./header.ts";
import type { KeyName } from "./keys.ts";
import type { Reply } from "./lane-replies.ts";
import type { ScriptName } from "./scripts.generated.ts";

export interface ScriptCall {
  keys: Readonly<Partial<Record<KeyName, string>>>;
  fixed: ArgumentValues;
  each: readonly ArgumentValues[];
  /** Asked only of this server, `null` being none; undefined when any will do. */
  server?: { runId: string | null };
  callMsMax?: number | undefined;
  /** Of the keys, where the caller knows it. */
  slot?: number;
}

/** Runs a script once. @throws HotStoreAway when it could not be asked or its answer did not come */
export type CallScript = (name: ScriptName, call: ScriptCall) => Promise<readonly Reply[]>;
