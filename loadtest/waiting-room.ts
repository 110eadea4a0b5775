// Sockets that stay: `k6 run -e API_KEY=… loadtest/waiting-room.ts`, or `npx pnpm loadtest waiting-room`.
// Told by: GATEWAY_URL, API_KEY, SALE_ID, VUS; SHOPPERS, RATE, STAY_SECONDS. See docs/loadtests.md.
import { k6Run } from "./src/runs/k6-run.ts";
import { WAITING_ROOM } from "./src/runs/waiting-room.ts";

const run = k6Run(WAITING_ROOM);
export const options = run.options;
export const setup = run.setup;
export const teardown = run.teardown;
export default run.shoppers;
