// The simulated shoppers of one dry run, as a process of its own: a worker starts it, hears by its messages when the first
// sets out and what they saw in the end, and ends it by a signal. It knows the gateway's address and nothing of the stores.

import { rehearse } from "./rehearse.ts";
import { type RunMessage, readRun } from "./run.ts";

const run = readRun(process.env);
const say = (message: RunMessage): void => void process.send?.(message);

const rehearsal = rehearse(run, () => say({ kind: "begun" }));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => rehearsal.stop());
// Whoever started us is gone: nobody would hear how it ends.
process.on("disconnect", () => process.exit(1));

const outcome = await rehearsal.ended;
say({ kind: "ended", outcome });
process.disconnect?.();
