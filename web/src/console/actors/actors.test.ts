import { expect, test } from "vitest";
import { actorInWords } from "./actors.ts";

test("who did something is told by name, and by what the ledger says where nobody has that name", () => {
  const names = new Map([["op_1", "Ann"]]);
  expect(
    ["operator:op_1", "operator:op_2", "worker:later-events", "command", null].map((actor) =>
      actorInWords(actor, names),
    ),
  ).toEqual(["Ann", "operator op_2", "worker later-events", "the command line", "–"]);
});
