// A store that is kept running: when it ends without being asked, it is started again on the same port, so
// that everybody's connection string stays true.
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningStore } from "../stores/store-process.ts";
import { waitAfterMs } from "./backoff.ts";

export type StoreEvents = {
  onStart: (name: string, store: RunningStore) => void;
  onEnd: (name: string, how: string) => void;
  /** It could not be started again; it is tried once more after a wait. */
  onFailure: (name: string, error: unknown) => void;
};

export type KeptStore = {
  name: string;
  url: string;
  /** Ends it cleanly within `graceMs`, then by force. It stays gone. */
  stop: (graceMs: number) => Promise<void>;
  /** Ends it by force. It stays gone. */
  kill: () => Promise<void>;
};

/**
 * Starts a store and keeps it running.
 * @param start starts it; is given the port it had before, if any
 * @throws what `start` throws, the first time
 */
export async function keepStore(
  name: string,
  start: (port: number | undefined) => Promise<RunningStore>,
  events: StoreEvents,
): Promise<KeptStore> {
  const ending = new AbortController();
  let store = await start(undefined);
  const { url, port } = store;
  events.onStart(name, store);

  const restart = async (): Promise<RunningStore | undefined> => {
    for (let failures = 1; !ending.signal.aborted; failures += 1) {
      await sleep(waitAfterMs(failures), undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return undefined;
      try {
        return await start(port);
      } catch (error) {
        events.onFailure(name, error);
      }
    }
    return undefined;
  };

  const life = async (): Promise<void> => {
    for (;;) {
      const exit = await store.exited;
      if (ending.signal.aborted) return;
      events.onEnd(
        name,
        exit.signal === null ? `ended with code ${exit.code}` : `was ended by ${exit.signal}`,
      );
      const next = await restart();
      if (next === undefined) return;
      store = next;
      // Asked to end while it was coming up.
      if (ending.signal.aborted) return;
      events.onStart(name, store);
    }
  };
  const over = life();

  return {
    name,
    url,
    async stop(graceMs) {
      ending.abort();
      await store.stop(graceMs);
      await over;
      await store.stop(graceMs);
    },
    async kill() {
      ending.abort();
      await store.kill();
      await over;
      await store.kill();
    },
  };
}
