// The command at the terminal: what it understands, and that who is added by it can sign in.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { HELP, parseOperatorCommand, runOperatorCommand } from "./command.ts";
import { newEmail, OperatorStage } from "./operator-stage.ts";

let stage: Stage;
let people: OperatorStage;
let env: Record<string, string>;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  people = new OperatorStage(stage);
  env = { DATABASE_URL: stage.database.url, PASSWORD_COST: "64/1/1" };
});
afterAll(() => stage.stop());

const run = (...args: string[]): ReturnType<typeof runOperatorCommand> => runOperatorCommand(args, env);
const passwordIn = (text: string): string =>
  /once with (?<password>[^\s,]+)/.exec(text)?.groups?.["password"] ?? "";

describe("`npx pnpm operator`", () => {
  it("adds somebody, whose password is printed once", async () => {
    const email = newEmail();
    const added = await run("add", "--email", email.toUpperCase(), "--role", "admin", "--name", "Ann");
    expect(added.ok).toBe(true);
    const told = await people.signIn(email, passwordIn(added.text));
    expect(told.body).toMatchObject({
      operator: { email, name: "Ann", role: "admin" },
      mustChangePassword: true,
    });
    const acts = await people.admin("GET", "/operator-acts?limit=2");
    expect((acts.body["items"] as object[])[1]).toMatchObject({ act: "operator.added", actor: "command" });
    const again = await run("add", "--email", email, "--role", "viewer");
    expect(again).toEqual({ ok: false, text: "There is an operator with this e-mail address already.\n" });
  });

  it("resets a password, with which all sessions end", async () => {
    const ann = await people.person("viewer");
    const reset = await run("reset-password", "--email", ann.email);
    expect(reset.ok).toBe(true);
    expect((await ann.call("GET", "/session")).status).toBe(401);
    expect((await people.signIn(ann.email, passwordIn(reset.text))).status).toBe(200);
    expect(await run("reset-password", "--email", newEmail())).toEqual({
      ok: false,
      text: "There is no such operator.\n",
    });
  });

  it("finds the database of a start that runs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "start-"));
    const list = [
      { name: "worker-1", pid: 1, url: null },
      { name: "postgres", pid: 2, url: stage.database.url },
    ];
    await writeFile(join(folder, "processes.json"), JSON.stringify(list));
    const args = ["add", "--email", newEmail(), "--role", "viewer", "--data-dir", folder];
    expect((await runOperatorCommand(args, { PASSWORD_COST: "64/1/1" })).ok).toBe(true);
    await rm(folder, { recursive: true });
    const lost = await runOperatorCommand(args, {});
    expect([lost.ok, lost.text]).toEqual([false, expect.stringContaining("Set DATABASE_URL")]);
  });

  it.each([
    [[], "Say what to do"],
    [["remove"], "Say what to do"],
    [["add", "more"], "Say what to do"],
    [["add", "--role", "admin"], "--email"],
    [["add", "--email", "ann", "--role", "admin"], "--email"],
    [["add", "--email", "a@b.example"], "--role"],
    [["add", "--email", "a@b.example", "--role", "root"], "--role"],
    [["add", "--email", "a@b.example", "--role", "admin", "--name", ""], "--name"],
    [["add", "--password", "x"], "--password"],
    [["reset-password", "--email", "a@b.example", "--role", "admin"], "--email alone"],
  ])("does not understand %j and says why", (args, why) => {
    expect(parseOperatorCommand(args)).toEqual({ ok: false, sentence: expect.stringContaining(why) });
  });

  it("explains itself", async () => {
    expect(await run("--help")).toEqual({ ok: true, text: HELP });
    expect(parseOperatorCommand(["--", "--help"])).toEqual({ ok: true, value: { command: "help" } });
  });
});
