// How Node is started for a gateway.

/**
 * Two things that V8 does otherwise by itself, both for a process that is one of many requests a second and one core.
 *
 * It copies what still lives of the young with as many threads as there are cores, and the one that serves waits for all
 * of them. Where other processes have those cores, as a gateway's neighbours and stores do, single waits of 14 to 19 ms
 * were seen for work of 4: a gateway is one process for one core, and does it alone.
 *
 * And it makes what mostly outlived two such copies old from the start. Of requests that wait for a commit that is all
 * they are made of, which then lies among the old until everything is looked through: once in 20,000 orders, with waits
 * of 60 to 100 ms for all that are under way. Copied once or twice instead it is gone with the young.
 *
 * V8 reads these at its start only, so whoever starts a gateway says them.
 */
export const GATEWAY_NODE_ARGS: readonly string[] = [
  "--no-parallel-scavenge",
  "--no-allocation-site-pretenuring",
];
