// A whole sale: `k6 run -e API_KEY=… loadtest/sale.ts`, or `npx pnpm loadtest sale`.
// Told by: GATEWAY_URL, API_KEY, SALE_ID, VUS; SHOPPERS, RATE, UNITS, OFFERS, JOIN_P99_MS. See docs/loadtests.md.
import { k6Run } from "./src/runs/k6-run.ts";
import { SALE } from "./src/runs/sale.ts";

const run = k6Run(SALE);
export const options = run.options;
export const setup = run.setup;
export const teardown = run.teardown;
export default run.shoppers;
