// The `sid`s that the protocol wants a server to name. Ours continue nothing (there is no polling and no session
// recovery), so they are told once and not kept; they are random so that nobody reads our traffic from them.
import { randomFillSync } from "node:crypto";

const ID_BYTES = 15;
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;

/** Twenty URL-safe characters. Drawn from a pool, because a call to the system for each is dear in a storm. */
export function newSessionId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString("base64url", used, used + ID_BYTES);
  used += ID_BYTES;
  return id;
}
