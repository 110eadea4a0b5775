// A password that was made for somebody else is a letter that lies about: it opens nothing after its time.
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage, type Told } from "../stage.ts";
import { runOperatorCommand } from "./command.ts";
import { newPassword, OperatorStage } from "./operator-stage.ts";

const LASTS_SECONDS = 3_600;
let stage: Stage;
let people: OperatorStage;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { INITIAL_PASSWORD_SECONDS: String(LASTS_SECONDS) },
  );
  people = new OperatorStage(stage);
});
afterAll(() => stage.stop());

const code = ({ status, body }: Told): [number, unknown] => [status, body["code"]];
const age = (id: string, seconds: number): Promise<unknown> =>
  stage.database.truth.query(
    "UPDATE operators SET password_set_at = clock_timestamp() - $2 * interval '1 second' WHERE id = $1",
    [id, seconds],
  );

describe("an initial password", () => {
  it("says until when it is good, opens the console before and nothing after, and is made anew by a reset", async () => {
    const added = await people.add("viewer");
    const shown = (await people.admin("GET", `/operators/${added.id}`)).body;
    expect(Date.parse(String(shown["initialPasswordUntil"])) - Date.parse(String(shown["createdAt"]))).toBe(
      LASTS_SECONDS * 1_000,
    );
    await age(added.id, LASTS_SECONDS - 60);
    expect((await people.signIn(added.email, added.password)).status).toBe(200);
    await age(added.id, LASTS_SECONDS);
    expect(code(await people.signIn(added.email, added.password))).toEqual([403, "PASSWORD_LAPSED"]);
    // Whoever has not the right one is not told that there is one.
    expect(code(await people.signIn(added.email, newPassword()))).toEqual([401, "SIGN_IN_FAILED"]);
    const reset = await people.admin("POST", `/operators/${added.id}/reset-password`, {});
    const password = String(reset.body["initialPassword"]);
    expect((await people.signIn(added.email, password)).status).toBe(200);
  });

  it("does not become somebody's own after its time, in a session that it opened before", async () => {
    const added = await people.add("viewer");
    const ann = await people.enter(added);
    await age(added.id, LASTS_SECONDS);
    const body = { currentPassword: added.password, newPassword: newPassword() };
    expect(code(await ann.call("POST", "/session/password", { body }))).toEqual([403, "PASSWORD_LAPSED"]);
    expect((await people.admin("GET", `/operators/${added.id}`)).body["mustChangePassword"]).toBe(true);
  });

  it("that was replaced in time never lapses: one's own has no time", async () => {
    const ann = await people.person("viewer");
    await age(ann.id, 100 * LASTS_SECONDS);
    expect((await people.signIn(ann.email, ann.password)).status).toBe(200);
    expect((await people.admin("GET", `/operators/${ann.id}`)).body["initialPasswordUntil"]).toBeNull();
  });

  it("is made anew at the terminal, which says until when", async () => {
    const added = await people.add("admin");
    await age(added.id, LASTS_SECONDS);
    const env = {
      DATABASE_URL: stage.database.url,
      PASSWORD_COST: "64/1/1",
      INITIAL_PASSWORD_SECONDS: "3600",
    };
    const { text } = await runOperatorCommand(["reset-password", "--email", added.email], env);
    const printed = /once with (?<password>[^\s,]+), until (?<until>[^,]+, [^,]+),/.exec(text);
    const { password = "", until } = { ...printed?.groups };
    const told = (await people.admin("GET", `/operators/${added.id}`)).body["initialPasswordUntil"];
    expect(new Date(String(told)).toUTCString()).toBe(until);
    expect((await people.signIn(added.email, password)).status).toBe(200);
  });
});
