// BullMQ's queues by name: the worker fills and works them, the console shows them.

/** One hash tag for all keys of a queue: BullMQ's scripts touch several at once, which a cluster has to have in one slot. */
export const QUEUE_PREFIX = "{dropgate}";
/** Wakes the worker at the moments of a sale. */
export const SALE_LIFECYCLE_QUEUE = "sale-lifecycle";
export const QUEUES = [SALE_LIFECYCLE_QUEUE] as const;
