// What waits for a slow reader, without one.
import { describe, expect, it } from "vitest";
import { Backlog, type WireFrame } from "./backlog.ts";

function drain(backlog: Backlog, room = Infinity): WireFrame[] {
  const taken: WireFrame[] = [];
  backlog.flush((frame) => taken.length < room && taken.push(frame) > 0);
  return taken;
}

describe("a backlog", () => {
  it("keeps only the newest state of each key, at the newest one's turn", () => {
    const backlog = new Backlog();
    backlog.put("serving", "serving 1");
    backlog.put("entry", "entry 1");
    backlog.push("ack");
    backlog.put("serving", "serving 2");
    expect(drain(backlog)).toEqual(["entry 1", "ack", "serving 2"]);
  });

  it("loses nothing that cannot be skipped, and keeps its order", () => {
    const backlog = new Backlog();
    for (let i = 0; i < 5; i++) backlog.push(`${i}`);
    expect(drain(backlog, 2)).toEqual(["0", "1"]);
    expect(drain(backlog, 0)).toEqual([]);
    expect(drain(backlog)).toEqual(["2", "3", "4"]);
  });

  it("counts its bytes as they travel", () => {
    const backlog = new Backlog();
    backlog.push("ä");
    backlog.put("a", Buffer.alloc(100));
    backlog.put("a", Buffer.alloc(10));
    expect(backlog.bytes).toBe(12);
    expect(backlog.flush(() => true)).toBe(true);
    expect(backlog.bytes).toBe(0);
  });
});
