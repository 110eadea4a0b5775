// A long, even day: `k6 run -e API_KEY=… -e MINUTES=60 loadtest/soak.ts`, or `npx pnpm loadtest soak MINUTES=5`.
// Told by: GATEWAY_URL, API_KEY, SALE_ID, VUS; MINUTES, RATE, CLAIM_SECONDS. See docs/loadtests.md.
import { k6Run } from "./src/runs/k6-run.ts";
import { SOAK } from "./src/runs/soak.ts";

const run = k6Run(SOAK);
export const options = run.options;
export const setup = run.setup;
export const teardown = run.teardown;
export default run.shoppers;
