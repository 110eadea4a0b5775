// The opening seconds of a sale: `k6 run -e API_KEY=… loadtest/join-storm.ts`, or `npx pnpm loadtest join-storm`.
// Told by: GATEWAY_URL, API_KEY, SALE_ID, VUS; SHOPPERS, RATE, STAY_SECONDS, JOIN_P99_MS. See docs/loadtests.md.

import { JOIN_STORM } from "./src/runs/join-storm.ts";
import { k6Run } from "./src/runs/k6-run.ts";

const run = k6Run(JOIN_STORM);
export const options = run.options;
export const setup = run.setup;
export const teardown = run.teardown;
export default run.shoppers;
