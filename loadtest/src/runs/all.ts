// All load tests by name, for the command that runs them; k6 is given its script instead.

import { JOIN_STORM } from "./join-storm.ts";
import type { LoadTest } from "./load-test.ts";
import { RECONNECT_STORM } from "./reconnect-storm.ts";
import { RUSH } from "./rush.ts";
import { SALE } from "./sale.ts";
import { SOAK } from "./soak.ts";
import { WAITING_ROOM } from "./waiting-room.ts";

// Each has numbers of its own; whoever looks a test up by name reads them by its own knobs again.
export const LOAD_TESTS = [
  JOIN_STORM,
  WAITING_ROOM,
  SALE,
  RUSH,
  RECONNECT_STORM,
  SOAK,
] as unknown as readonly LoadTest[];
