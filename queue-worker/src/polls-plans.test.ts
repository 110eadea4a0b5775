// What is asked many times a second, whether or not there is anything to do, goes by an index to what is due: a
// condition that PostgreSQL has to try on every row costs more with each that waits.
import type { Prepared, Statements } from "@dropgate/sql";
import { readDueHolds } from "@dropgate/sql/holds/unapplied";
import { wholeReadsOf } from "@dropgate/sql/kept-plans";
import { readChanges } from "@dropgate/sql/levels/follow-changes";
import { deleteOldLinks } from "@dropgate/sql/links/entry-links";
import { readDueMails } from "@dropgate/sql/notifications/write-mails";
import { sweepTries } from "@dropgate/sql/operators/sign-in-tries";
import { readDueReservations } from "@dropgate/sql/reservations/reservation-row";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { readDueEvents } from "@dropgate/sql/wms/inbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());

test.each<[string, (tx: Statements) => Promise<unknown>]>([
  ["reservations that are over", (tx) => readDueReservations(tx, 10)],
  ["holds that are over", (tx) => readDueHolds(tx, 10)],
  ["events of warehouses", (tx) => readDueEvents(tx, 10)],
  ["mails", (tx) => readDueMails(tx, 10)],
  ["changes of stock", (tx) => readChanges(tx, 10)],
  ["sign-in tries that are over", (tx) => sweepTries(tx, 10)],
  ["links that are over", (tx) => deleteOldLinks(tx, 10)],
])("%s are found by their index", async (_what, poll) => {
  const whole = await database.truth.transaction(async (tx) => {
    const found: string[] = [];
    const watched: Statements = {
      async query(statement: string | Prepared, values: readonly unknown[] = []) {
        found.push(...(await wholeReadsOf(tx, typeof statement === "string" ? statement : statement.text)));
        return tx.query(statement, values) as never;
      },
    };
    await poll(watched);
    return found;
  });
  // The follower's cursor is one row.
  expect(whole.filter((read) => !read.endsWith("stock_following"))).toEqual([]);
});
