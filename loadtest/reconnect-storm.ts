// A gateway dies under a waiting crowd: `k6 run -e API_KEY=… loadtest/reconnect-storm.ts`, and kill or restart a gateway
// when it says so; or `npx pnpm loadtest reconnect-storm`, which does it to a Dropgate of its own.
// Told by: GATEWAY_URL, API_KEY, SALE_ID, VUS; SHOPPERS, RATE, OFFERS, SETTLE_SECONDS, STAY_SECONDS, BACK_SECONDS. See docs/loadtests.md.
import { k6Run } from "./src/runs/k6-run.ts";
import { RECONNECT_STORM } from "./src/runs/reconnect-storm.ts";

const run = k6Run(RECONNECT_STORM);
export const options = run.options;
export const setup = run.setup;
export const teardown = run.teardown;
export default run.shoppers;
