// How Node is started for a gateway.

/** Of one half of the young generation, in MiB. */
const YOUNG_MIB = 64;

/**
 * What a gateway is busy with lives for some milliseconds, and much of it outlives the 16 MiB that Node gives to what is
 * young: each time that is full, all that still lives is copied, twenty times a second at full load. With four times the
 * room it is copied seldom and has mostly died by then, which gave joins and reservations a sixth to a third of their CPU
 * back; it costs some 100 MiB. V8 reads this at its start alone, so whoever starts a gateway says it.
 */
export const GATEWAY_NODE_ARGS: readonly string[] = [
  `--min-semi-space-size=${YOUNG_MIB}`,
  `--max-semi-space-size=${YOUNG_MIB}`,
];
