// Moves one slot from a master to another while it is in use, as `redis-cli --cluster reshard` does.
import type { Redis } from "ioredis";

/**
 * @param nodes clients of the servers, the masters among them
 * @param from the place in `nodes` of the master that has the slot
 */
export async function moveSlot(
  slot: number,
  nodes: readonly Redis[],
  from: number,
  to: number,
): Promise<void> {
  const [source, target] = [nodes[from], nodes[to]];
  if (!source || !target) throw new Error("there are no such servers");
  const [sourceId, targetId] = [await idOf(source), await idOf(target)];
  const { host = "127.0.0.1", port = 0, password = "" } = target.options;
  await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
  await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
  for (;;) {
    const keys = (await source.call("CLUSTER", "GETKEYSINSLOT", slot, 100)) as string[]; // that is its answer
    if (keys.length === 0) break;
    const auth = ["AUTH2", "default", password ?? ""];
    await source.call("MIGRATE", host, port, "", 0, 5_000, ...auth, "KEYS", ...keys);
  }
  // The new owner first: nobody is sent to a server that does not know that it is his.
  await target.call("CLUSTER", "SETSLOT", slot, "NODE", targetId);
  await source.call("CLUSTER", "SETSLOT", slot, "NODE", targetId);
}

async function idOf(node: Redis): Promise<string> {
  return String(await node.call("CLUSTER", "MYID"));
}
