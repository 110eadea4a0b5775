// Nobody hears an answer that PostgreSQL could still take back: a group's asks are answered after its commit, and one
// that breaks the commit is found alone.
import type { Outcome } from "@dropgate/contracts/refusals";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { Grouped } from "./grouped.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  // Looked at when the transaction commits, and not before.
  await database.truth.query(
    "CREATE TABLE told (what text, nth int, CONSTRAINT once UNIQUE (what) DEFERRABLE INITIALLY DEFERRED)",
  );
});
afterAll(() => database.drop());

const happened: string[] = [];
beforeEach(async () => {
  happened.splice(0);
  await database.truth.query("TRUNCATE told");
});

function grouped(): Grouped<string, string> {
  return new Grouped<string, string>({
    truth: database.truth,
    async work(tx, asks) {
      for (const ask of asks) await tx.query("INSERT INTO told (what, nth) VALUES ($1, 1)", [ask]);
      // Written twice: it is the commit that refuses it.
      for (const ask of asks.filter((each) => each.startsWith("broken"))) {
        await tx.query("INSERT INTO told (what, nth) VALUES ($1, 2)", [ask]);
      }
      happened.push("worked");
      return {
        outcomes: asks.map((ask): Outcome<string> => ({ ok: true, value: ask })),
        committed: undefined,
      };
    },
    async after() {
      const { rows } = await database.truth.query("SELECT 1 FROM told");
      happened.push(`${rows.length} are there`);
    },
    nameOf: (ask) => ask,
    sizeOf: () => 1,
    limits: { batchMax: 10, sizeMax: 10, groupsMax: 1, queueMax: 10 },
    onError: () => happened.push("a group broke"),
  });
}

test("an ask is answered when its group is committed, and what follows has been done", async () => {
  const group = grouped();
  const answer = group.ask("good").finally(() => happened.push("answered"));
  expect(await answer).toEqual({ ok: true, value: "good" });
  expect(happened).toEqual(["worked", "1 are there", "answered"]);
});

test("an ask whose commit fails is never answered as if it were done, and fails nobody else", async () => {
  const group = grouped();
  const [good, broken, other] = await Promise.allSettled(
    ["good", "broken", "other"].map((ask) => group.ask(ask)),
  );
  expect([good, other]).toMatchObject([{ value: { ok: true } }, { value: { ok: true } }]);
  expect(broken).toMatchObject({ status: "rejected", reason: { code: "23505" } });
  const { rows } = await database.truth.query("SELECT what FROM told ORDER BY what");
  expect(rows).toEqual([{ what: "good" }, { what: "other" }]);
});
