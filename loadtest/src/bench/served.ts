// Where the variants of a row are served: ours by the house, the others by servers of the benchmarks.
import type { Child } from "./child.ts";

export interface Served {
  port: number;
  pid: number;
  child: Child;
}

/** @throws RangeError for a variant that nobody serves */
export function servedBy(all: Readonly<Record<string, Child>>): (variant: string) => Served {
  return (variant) => {
    const child = all[variant];
    if (child === undefined) throw new RangeError(`nobody serves ${variant}`);
    return { port: Number(child.ready.port), pid: child.pid, child };
  };
}
