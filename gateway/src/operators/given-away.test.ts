// What signing in gives away: to who measures what it costs, and to who reads the log.
import { readSettings } from "@dropgate/contracts/settings";
import { pino } from "pino";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";
import { startGateway } from "../start-gateway.ts";
import { cookiesOf, newEmail, newPassword, OperatorStage } from "./operator-stage.ts";

let stage: Stage;
let people: OperatorStage;
const stores = { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") };
beforeAll(async () => {
  stage = await openStage(stores);
  people = new OperatorStage(stage);
});
afterAll(() => stage.stop());

it("an address that is nobody's, or of somebody disabled, costs as much work as a wrong password", async () => {
  const at = await stage.another({ PASSWORD_COST: "65536/3/1" });
  const [ann, gone] = [await people.person("viewer"), await people.person("viewer")];
  // From now on their passwords cost what they cost here.
  for (const { email, password } of [ann, gone]) await people.signIn(email, password, { at });
  await people.admin("PATCH", `/operators/${gone.id}`, { state: "disabled" });
  const asked = [ann.email, gone.email, newEmail()];
  // The work of this process, which is the gateway's too, and not the time: a busy machine makes whichever slower.
  const least = asked.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 5; round++) {
    for (const [i, email] of asked.entries()) {
      const before = process.cpuUsage();
      expect((await people.signIn(email, newPassword(), { at })).status).toBe(401);
      least[i] = Math.min(least[i] ?? 0, process.cpuUsage(before).user);
    }
  }
  const [wrong = 0, ...others] = least;
  for (const other of others) {
    expect(other / wrong).toBeGreaterThan(0.5);
    expect(other / wrong).toBeLessThan(2);
  }
});

it("the log has neither passwords nor tokens, not even where everything is logged", async () => {
  const read = readSettings({
    PORT: "0",
    REDIS_URL: stores.redisUrl,
    DATABASE_URL: stage.database.url,
    DROPGATE_SECRET: "a secret of the tests, of 32 or more characters",
    BOOTSTRAP_API_KEY: "bootstrap-key-of-the-tests",
    PASSWORD_COST: "64/1/1",
  });
  if (!read.ok) throw new Error(read.sentences.join("\n"));
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line) => void lines.push(line) });
  const at = await startGateway({ settings: read.settings, log, webFolder: "/nowhere" });
  const ann = await people.add("admin");
  const wrong = newPassword();
  await people.signIn(ann.email, wrong, { at });
  const told = await people.signIn(ann.email, ann.password, { at });
  const [next, token] = [newPassword(), cookiesOf(told).get("dropgate_console")?.split("=")[1] ?? ""];
  const csrf = String(told.body["csrfToken"]);
  const changed = await stage.call("POST", "/api/v1/admin/session/password", {
    at,
    cookie: `dropgate_console=${token}`,
    headers: { "x-csrf-token": csrf },
    body: { currentPassword: ann.password, newPassword: next },
  });
  expect(changed.status).toBe(200);
  await at.stop();
  const all = lines.join("");
  expect(all).toContain(ann.id);
  expect(all).toContain("somebody could not sign in");
  for (const secret of [ann.password, wrong, next, token, csrf, String(changed.body["csrfToken"])]) {
    expect(secret).not.toBe("");
    expect(all).not.toContain(secret);
  }
});
