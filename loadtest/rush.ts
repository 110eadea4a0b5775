// Everybody tries for a unit at once: `k6 run -e API_KEY=… loadtest/rush.ts`, or `npx pnpm loadtest rush`.
// Told by: GATEWAY_URL, API_KEY, SALE_ID, VUS; SHOPPERS, RATE, UNITS, OFFERS, POOLS, ATTEMPT_P99_MS. See docs/loadtests.md.
import { k6Run } from "./src/runs/k6-run.ts";
import { RUSH } from "./src/runs/rush.ts";

const run = k6Run(RUSH);
export const options = run.options;
export const setup = run.setup;
export const teardown = run.teardown;
export default run.shoppers;
