// The states of a hold that has its unit, as text for statements. Written out rather than passed as a
// parameter: PostgreSQL proves from the constants that its partial indexes on holds apply.
import { LIVE_HOLD_STATES, SOLD_HOLD_STATES } from "@dropgate/contracts/states/hold";

const quoted = (states: readonly string[]): string => states.map((state) => `'${state}'`).join(", ");

/** `'offered', 'active', …`: every state in which nobody else may have the unit. */
export const UNIT_HAVING_STATES = quoted([...LIVE_HOLD_STATES, ...SOLD_HOLD_STATES]);
