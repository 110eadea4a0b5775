// There is always somebody who can administer: by decision, by constraint, and when two decide at once.
import { ROLES } from "@dropgate/contracts/roles";
import type { Statements } from "@dropgate/sql";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { decideOperatorChange } from "./changes.ts";
import { OperatorStage, type Person } from "./operator-stage.ts";

let stage: Stage;
let people: OperatorStage;
let admins: Person[];
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  people = new OperatorStage(stage);
  admins = [await people.person("admin"), await people.person("admin")];
});
afterAll(() => stage.stop());

async function activeAdmins(): Promise<number> {
  const { rows } = await stage.database.truth.query<{ n: number }>(
    "SELECT count(*) AS n FROM operators WHERE role = 'admin' AND disabled_at IS NULL",
  );
  return rows[0]?.n ?? 0;
}

describe("the last active admin", () => {
  it("is refused to be anything else, and nobody else is", () => {
    const state = fc.constantFrom("active" as const, "disabled" as const);
    const patch = fc.record(
      { name: fc.string(), role: fc.constantFrom(...ROLES), state },
      { requiredKeys: [] },
    );
    const operator = fc.record({
      name: fc.string(),
      role: fc.constantFrom(...ROLES),
      disabledAt: fc.constantFrom(null, new Date(0)),
      otherAdmins: fc.boolean(),
    });
    fc.assert(
      fc.property(operator, patch, (was, asked) => {
        const decided = decideOperatorChange(was, asked);
        const isOne = was.role === "admin" && was.disabledAt === null;
        const role = asked.role ?? was.role;
        const isActive = asked.state === undefined ? was.disabledAt === null : asked.state === "active";
        const isKept = was.otherAdmins || !isOne || (role === "admin" && isActive);
        expect(decided.ok).toBe(isKept);
        if (decided.ok) expect(decided.value.to).toMatchObject({ role, disabled: !isActive });
      }),
    );
  });

  it("stays one when two admins unmake each other at the same moment, again and again", async () => {
    const changes = [{ state: "disabled" }, { role: "viewer" }];
    for (let round = 0; round < 10; round++) {
      const told = await Promise.all(
        admins.map(({ id }, i) => people.admin("PATCH", `/operators/${id}`, changes[(round + i) % 2])),
      );
      const codes = told.map(({ status, body }) => [status, body["code"]]);
      expect(codes.toSorted()).toEqual([
        [200, undefined],
        [409, "LAST_ADMIN"],
      ]);
      expect(await activeAdmins()).toBe(1);
      for (const { id } of admins) {
        const back = await people.admin("PATCH", `/operators/${id}`, { role: "admin", state: "active" });
        expect(back.status).toBe(200);
      }
    }
  });

  it("stays one whoever writes to the table, also at the same moment", async () => {
    const { truth } = stage.database;
    await expect(truth.query("UPDATE operators SET disabled_at = clock_timestamp()")).rejects.toMatchObject({
      constraint: "operators_last_admin",
    });
    const unmake = (tx: Statements, { id }: Person): Promise<unknown> =>
      tx.query("UPDATE operators SET role = 'viewer' WHERE id = $1", [id]);
    const [ann, bob] = admins as [Person, Person];
    let second: Promise<unknown> = Promise.resolve();
    await truth.transaction(async (tx) => {
      await unmake(tx, ann);
      let isOver = false;
      second = unmake(truth, bob).finally(() => {
        isOver = true;
      });
      second.catch(() => {});
      // Not before the other one stands in the queue, or has slipped past it.
      await stage.until(async () => {
        const { rowCount } = await truth.query(
          "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
        );
        return isOver || rowCount !== 0 ? true : null;
      });
    });
    await expect(second).rejects.toMatchObject({ constraint: "operators_last_admin" });
    expect(await activeAdmins()).toBe(1);
    await truth.query("UPDATE operators SET role = 'admin'");
  });

  it("cannot be deleted, and nobody can: ledgers name them", async () => {
    await expect(stage.database.truth.query("DELETE FROM operators")).rejects.toThrow("append-only");
  });

  it("may have the name changed and the password reset", async () => {
    const [ann, bob] = admins as [Person, Person];
    expect((await people.admin("PATCH", `/operators/${ann.id}`, { state: "disabled" })).status).toBe(200);
    expect((await people.admin("PATCH", `/operators/${bob.id}`, { name: "Bob" })).status).toBe(200);
    expect((await people.admin("POST", `/operators/${bob.id}/reset-password`, {})).status).toBe(200);
  });
});
