// What the process of a dry run is told, by its environment, and what it says.
import type { Rehearsal } from "@dropgate/contracts/rehearsal";
import type { RehearsalShape } from "@dropgate/contracts/rehearsal-curve";

export interface Run {
  gatewayUrl: string;
  saleId: string;
  /** Shown at the door, see REHEARSAL_HEADER. */
  pass: string;
  /** A merchant's, to confirm with. */
  apiKey: string;
  shape: RehearsalShape;
}

export type RunOutcome = NonNullable<Rehearsal["outcome"]>;
export type RunMessage = { kind: "begun" } | { kind: "ended"; outcome: RunOutcome };

/** @throws when one is missing: only a worker starts this process */
export function readRun(env: Record<string, string | undefined>): Run {
  const of = (name: string): string => {
    const value = env[name];
    if (value === undefined) throw new Error(`${name} is not set: a worker starts this process`);
    return value;
  };
  return {
    gatewayUrl: of("GATEWAY_URL"),
    saleId: of("SALE_ID"),
    pass: of("REHEARSAL_PASS"),
    apiKey: of("API_KEY"),
    shape: JSON.parse(of("SHAPE")) as RehearsalShape, // as the worker wrote it
  };
}
