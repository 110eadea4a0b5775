// The queue of those who have not connected, with beats counted by hand.
import { describe, expect, it } from "vitest";
import { Newcomers } from "./newcomers.ts";

describe("newcomers", () => {
  it("are due in the order in which they came, and once", () => {
    const newcomers = new Newcomers<string>();
    newcomers.add("first", 1);
    newcomers.add("second", 1);
    newcomers.add("third", 4);
    const due: string[] = [];
    const take = (until: number) => newcomers.takeBefore(until, (member) => due.push(member));
    take(1);
    expect(due).toEqual([]);
    take(2);
    expect(due).toEqual(["first", "second"]);
    take(4);
    newcomers.add("fourth", 9);
    take(100);
    take(100);
    expect(due).toEqual(["first", "second", "third", "fourth"]);
  });
});
