import { expect, test } from "vitest";
import { newestOf, ownedByOne, ownersIn, readSlotMap, ServerUrls, type SlotMap } from "./slot-map.ts";
import { SLOTS } from "./slots.ts";

const INFO = "cluster_state:ok\r\ncluster_current_epoch:7\r\n";
const map = (change: Partial<SlotMap>): SlotMap => ({ ...ownedByOne("h:1"), ...change });

test("slots are read range by range, and what nobody serves is nobody's", () => {
  const slots = [
    [0, 99, ["10.0.0.1", 7001, "id"], ["10.0.0.9", 7009, "replica"]],
    [200, SLOTS - 1, ["10.0.0.2", 7002, "id"]],
  ];
  const { owners, changes, whole } = readSlotMap(slots as never, INFO, "10.0.0.1:7001");
  expect([owners[0], owners[99], owners[100], owners[199], owners[200], owners.at(-1)]).toEqual([
    "10.0.0.1:7001",
    "10.0.0.1:7001",
    null,
    null,
    "10.0.0.2:7002",
    "10.0.0.2:7002",
  ]);
  expect({ changes, whole }).toEqual({ changes: 7, whole: true });
});

test.each(["", "?", null])("a server that does not know its own host (%j) is where we asked it", (host) => {
  const slots = [[0, SLOTS - 1, [host, 7001, "id"]]];
  expect(ownersIn(readSlotMap(slots as never, INFO, "redis.example:6379"))).toEqual(
    new Set(["redis.example:7001"]),
  );
  expect(ownersIn(readSlotMap(slots as never, INFO, "[::1]:6379"))).toEqual(new Set(["[::1]:7001"]));
});

test("of several answers the latest is believed, and one that is cut off from the others is not", () => {
  const old = map({ changes: 3 });
  const late = map({ changes: 4 });
  const cutOff = map({ changes: 9, whole: false });
  for (const maps of [
    [old, late, cutOff],
    [cutOff, late, old],
    [late, cutOff],
  ]) {
    expect(newestOf(maps)).toBe(late);
  }
  expect(newestOf([cutOff])).toBe(cutOff);
  expect(newestOf([])).toBeNull();
});

test("the other servers are reached with the user, password and encryption of the first address", () => {
  const urls = new ServerUrls("rediss://user:p%40ss@one.example:7000, rediss://user:p%40ss@two.example");
  expect([...urls.seeds.keys()]).toEqual(["one.example:7000", "two.example:6379"]);
  expect(urls.urlOf("10.0.0.3:7003")).toBe("rediss://user:p%40ss@10.0.0.3:7003");
  expect(urls.urlOf("[::1]:7003")).toBe("rediss://user:p%40ss@[::1]:7003");
  expect(() => new ServerUrls(" , ")).toThrow("no address");
});
