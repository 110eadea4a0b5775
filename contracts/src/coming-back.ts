// Over how long a crowd comes back that lost its gateway: the gateway that stops says so to each, and a page whose
// gateway died without a word spreads itself by the crowd that `serving` last spoke of.
import { RECONNECT_SPREAD_MS_MAX } from "./limits.ts";

/** What the gateways that stay can take: each who comes back costs a TLS handshake, an upgrade and a look. */
const COMING_BACK_PER_MS = 4;

/**
 * A system that listens keeps some hundred connections that are not accepted yet and drops the rest without a word;
 * those then come seconds later than if they had waited.
 * @param crowd how many come back, or may; @returns milliseconds, 0 for a small one
 */
export function comingBackMs(crowd: number): number {
  return Math.min(RECONNECT_SPREAD_MS_MAX, Math.ceil(crowd / COMING_BACK_PER_MS));
}
