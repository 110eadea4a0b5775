import { expect, test } from "vitest";
import { parseKept } from "./kept-entry.ts";

test("an entry is read back as it was kept", () => {
  const kept = { entryId: "e1", token: "t1", startedAt: 90 };
  expect(parseKept(JSON.stringify(kept))).toEqual(kept);
  expect(parseKept('{"entryId":"e1","token":"t1"}')).toEqual({ entryId: "e1", token: "t1" });
});

test.each([null, "", "{", "null", "7", "[]", '{"entryId":1,"token":"t"}', '{"entryId":"e1"}'])(
  "what is no entry (%s) is none",
  (text) => {
    expect(parseKept(text)).toBeNull();
  },
);
