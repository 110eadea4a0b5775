// How Node is started for a gateway.

/**
 * V8 copies what still lives of the young with as many threads as there are cores, and the one that serves waits for all
 * of them. Where other processes have those cores, as a gateway's neighbours and stores do, single waits of 14 to 19 ms
 * were seen for work of 4: a gateway is one process for one core, and does it alone. V8 reads this at its start only, so
 * whoever starts a gateway says it.
 */
export const GATEWAY_NODE_ARGS: readonly string[] = ["--no-parallel-scavenge"];
