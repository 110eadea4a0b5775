// Events reach webhooks: once written with their effect, signed, in order of each subject, by any number of workers,
// whoever dies; and a webhook that is gone for good is let go.
import { createHmac } from "node:crypto";
import { WMS_TRIES_MAX } from "@dropgate/contracts/limits";
import { aFinishedSale } from "@dropgate/inventory/proof/a-finished-sale";
import { deriveKey, Sealer } from "@dropgate/inventory/sealing";
import { webhookSealedAbout } from "@dropgate/inventory/webhook-secret";
import { raiseAlerts, resolveAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { claimDeliveries } from "@dropgate/sql/webhooks/claim-deliveries";
import { listDeliveries, resendDelivery } from "@dropgate/sql/webhooks/delivery-row";
import { settleDelivery } from "@dropgate/sql/webhooks/settle-delivery";
import { sweepDeliveries } from "@dropgate/sql/webhooks/sweep-deliveries";
import { readWebhook, removeWebhook, writeSecret, writeWebhook } from "@dropgate/sql/webhooks/webhook-row";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { WebhookTelling } from "./telling.ts";
import { addHook, hurry, openReceiver, type Receiver, SECRET } from "./webhook-stage.ts";

let database: TestDatabase;
let receiver: Receiver;
let alerts = 0;
const events: string[] = [];
const errors: unknown[] = [];
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
beforeEach(async () => {
  await database.truth.query("TRUNCATE webhooks, webhook_deliveries, alerts, settings_acts");
  receiver = await openReceiver();
  events.splice(0);
  errors.splice(0);
});
afterEach(() => receiver.close());
afterAll(() => database.drop());

function worker(over: object = {}): WebhookTelling {
  const context = {
    truth: database.truth,
    log: { info() {}, warn() {}, error: (fields: object) => void errors.push(fields) },
    happened: (what: string) => void events.push(what),
  };
  return new WebhookTelling(context, { secret: SECRET, allowPrivate: ["127.0.0.0/8"], ...over });
}

/** Steps until nothing more is due now. */
async function drain(telling: WebhookTelling): Promise<void> {
  for (let heard = -1; heard !== receiver.heard.length; ) {
    heard = receiver.heard.length;
    await telling.step();
    await telling.ended();
  }
}
const open = (subject: string): Promise<void> =>
  raiseAlerts(database.truth, [{ id: `a${++alerts}`, kind: "low_stock", subject, detail: "few" }]);
const resolve = (subject: string): Promise<void> =>
  resolveAlerts(database.truth, "low_stock", subject, "tester");
const told = (): string[] =>
  receiver.heard.map(({ event }) =>
    "subject" in event.data ? `${event.type} ${event.data.subject}` : event.type,
  );
const claim = { busyWebhooks: [], perWebhook: 9, most: 9, leaseMs: 30_000 };
const signed = (secret: string, t: string, body: string): string =>
  createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");

test("what happens is told to who listens to it, signed over its very bytes; found again it is not told again", async () => {
  const { id, secret } = await addHook(database.truth, receiver.url, ["alert.opened"]);
  await addHook(database.truth, `${receiver.url}/phases`, ["sale.phase"]);
  await open("tee");
  await open("tee");
  await resolve("tee");
  await drain(worker());
  expect(told()).toEqual(["alert.opened tee"]);
  const [heard] = receiver.heard;
  const [, t = "", v1 = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(heard?.signature ?? "") ?? [];
  expect(signed(secret, t, heard?.body ?? "")).toBe(v1);
  expect(Math.abs(Date.now() / 1000 - Number(t))).toBeLessThan(60);
  expect(await listDeliveries(database.truth, id, {}, null, 9)).toMatchObject([
    { state: "sent", attempts: 1, lastStatus: 204, lastError: null, eventId: heard?.event.id },
  ]);
  expect(await readWebhook(database.truth, id)).toMatchObject({ failingSince: null, waiting: 0 });
  expect(events).toEqual(["webhook.told"]);
});

test("a transaction that is rolled back tells nothing, nor does anything while nobody listens", async () => {
  await open("before");
  await addHook(database.truth, receiver.url, ["alert.opened"]);
  const broken = database.truth.transaction(async (tx) => {
    await raiseAlerts(tx, [{ id: "x", kind: "low_stock", subject: "tee", detail: "few" }]);
    throw new Error("no");
  });
  await expect(broken).rejects.toThrow("no");
  await drain(worker());
  expect(receiver.heard).toEqual([]);
});

test("what happens in a dry run is told to nobody", async () => {
  const { saleId } = await aFinishedSale(database.truth);
  const { id } = await addHook(database.truth, receiver.url, ["sale.phase"]);
  const phase = (): Promise<unknown> =>
    database.truth.query(
      "INSERT INTO ledger (sale_id, act, actor, data) VALUES ($1, 'sale.phase', 'tester', '{}')",
      [saleId],
    );
  await phase();
  await database.truth.transaction(async (tx) => {
    // No sale becomes one: here it stands for one that was made as a copy.
    await tx.query("SET LOCAL session_replication_role = replica");
    await tx.query("UPDATE sales SET rehearsal = true, source = 'own' WHERE id = $1", [saleId]);
  });
  await phase();
  expect(await listDeliveries(database.truth, id, {}, null, 9)).toMatchObject([{ type: "sale.phase" }]);
});

test("of one subject everything comes in order, others and other webhooks do not wait for it", async () => {
  await addHook(database.truth, receiver.url, ["alert.opened", "alert.resolved"]);
  await addHook(database.truth, `${receiver.url}/2`, ["alert.opened"]);
  await open("a");
  await open("b");
  await resolve("a");
  let failing = true;
  receiver.answer = ({ event, path }) =>
    failing && path === "/hook" && "subject" in event.data && event.data.subject === "a" ? 503 : 204;
  const telling = worker();
  await drain(telling);
  expect(told().filter((each) => each === "alert.opened b")).toHaveLength(2);
  expect(receiver.heard.map(({ path, event }) => [path, event.type])).toContainEqual([
    "/hook/2",
    "alert.opened",
  ]);
  expect(told()).not.toContain("alert.resolved a");
  expect(events).toContain("webhook.failed");
  failing = false;
  await hurry(database.truth);
  await drain(telling);
  expect(told().slice(-2)).toEqual(["alert.opened a", "alert.resolved a"]);
});

test("four workers send each event once", async () => {
  await addHook(database.truth, receiver.url, ["alert.opened", "alert.resolved"]);
  for (let i = 0; i < 20; i++) {
    await open(`s${i}`);
    await resolve(`s${i}`);
  }
  const workers = [1, 2, 3, 4].map(() => worker());
  for (let round = 0; receiver.heard.length < 40 && round < 400; round++) {
    await Promise.all(workers.map((each) => each.step()));
  }
  await Promise.all(workers.map((each) => each.ended()));
  expect(new Set(receiver.heard.map(({ event }) => event.id)).size).toBe(40);
  expect(receiver.heard).toHaveLength(40);
  expect(errors).toEqual([]);
});

test("what a worker was sending when it died comes again under the same id; one that stood still writes nothing over it", async () => {
  const { id } = await addHook(database.truth, receiver.url, ["alert.opened"]);
  await open("tee");
  const [old] = await claimDeliveries(database.truth, claim);
  const telling = worker();
  await drain(telling);
  expect(receiver.heard).toEqual([]);
  await hurry(database.truth);
  await drain(telling);
  expect(receiver.heard.map(({ event }) => event.id)).toEqual([old?.body.id]);
  if (old === undefined) throw new Error("it was claimed");
  // Sent again by hand, and claimed: the old worker's claim is none of them.
  await resendDelivery(database.truth, id, old.nth);
  await claimDeliveries(database.truth, claim);
  const late = { to: "dead", status: null, ms: 1, answer: null, error: "late", afterMs: 0 } as const;
  expect(await settleDelivery(database.truth, old, late)).toBe(false);
  expect(await listDeliveries(database.truth, id, {}, null, 9)).toMatchObject([{ state: "waiting" }]);
});

test("while a secret is exchanged both sign, afterwards the new one alone", async () => {
  const { id, secret } = await addHook(database.truth, receiver.url, ["alert.opened"]);
  const sealed = new Sealer(deriveKey(SECRET, "seal")).seal(
    Buffer.from("the new one"),
    webhookSealedAbout(id),
  );
  await writeSecret(database.truth, id, sealed, 3600);
  await open("a");
  await drain(worker());
  await database.truth.query("UPDATE webhooks SET previous_until = clock_timestamp()");
  await open("b");
  await drain(worker());
  const [both, alone] = receiver.heard.map(({ signature, body }) => {
    const [t = "", ...rest] = signature.split(",");
    const of = (key: string): string => `v1=${signed(key, t.slice(2), body)}`;
    return { rest, expected: [of("the new one"), of(secret)] };
  });
  expect(both?.rest).toEqual(both?.expected);
  expect(alone?.rest).toEqual(alone?.expected.slice(0, 1));
});

test("too many failures, and a refusal for good, end in one alert; what died can be sent again", async () => {
  const { id } = await addHook(database.truth, receiver.url, ["alert.resolved"]);
  receiver.answer = ({ event }) => ("subject" in event.data && event.data.subject === "a" ? 422 : 500);
  for (const subject of ["a", "b"]) {
    await open(subject);
    await resolve(subject);
  }
  const telling = worker();
  await drain(telling);
  await database.truth.query("UPDATE webhook_deliveries SET attempts = $1 WHERE state = 'waiting'", [
    WMS_TRIES_MAX - 1,
  ]);
  await hurry(database.truth);
  await drain(telling);
  const dead = await listDeliveries(database.truth, id, { state: "dead" }, null, 9);
  expect(dead).toMatchObject([
    { lastStatus: 500, lastAnswer: "heard you", lastError: "it answered 500: heard you" },
    { lastStatus: 422 },
  ]);
  const { rows } = await database.truth.query("SELECT times FROM alerts WHERE kind = 'dead_letter'");
  expect(rows).toEqual([{ times: 2 }]);
  receiver.answer = () => 200;
  for (const { nth } of dead) await resendDelivery(database.truth, id, nth);
  await drain(telling);
  expect(await listDeliveries(database.truth, id, { state: "sent" }, null, 9)).toHaveLength(2);
});

test("a webhook that fails for long is disabled with an alert, and goes on where it stopped when it is enabled", async () => {
  const { truth } = database;
  const { id } = await addHook(truth, receiver.url, ["alert.resolved"]);
  receiver.answer = () => 500;
  await open("a");
  await resolve("a");
  const telling = worker({ failingMsMax: 3_600_000 });
  await drain(telling);
  expect(await readWebhook(truth, id)).toMatchObject({ disabledBy: null, failingSince: expect.any(Date) });
  await truth.query("UPDATE webhooks SET failing_since = clock_timestamp() - interval '2 hours'");
  await hurry(truth);
  await drain(telling);
  const given = await readWebhook(truth, id);
  expect(given).toMatchObject({ disabledBy: "failing", waiting: 1 });
  const raised = await truth.query<{ detail: string }>(
    "SELECT kind, subject, detail FROM alerts WHERE state = 'open'",
  );
  expect(raised.rows).toMatchObject([{ kind: "webhook_disabled", subject: id }]);
  const { host, pathname } = new URL(receiver.url);
  expect(raised.rows[0]?.detail).toContain(host);
  expect(raised.rows[0]?.detail).not.toContain(pathname);
  const acts = await truth.query("SELECT act, actor FROM settings_acts");
  expect(acts.rows).toEqual([{ act: "webhook.gave-up", actor: "worker" }]);

  // Disabled: nothing more is written for it, and what waits is not sent.
  await open("b");
  await resolve("b");
  await hurry(truth);
  const before = receiver.heard.length;
  await drain(telling);
  expect(receiver.heard).toHaveLength(before);
  receiver.answer = () => 200;
  if (given === null) throw new Error("it is there");
  await truth.transaction((tx) => writeWebhook(tx, id, { ...given, enabled: true }));
  await drain(telling);
  expect(told().slice(before)).toEqual(["alert.resolved a"]);
  expect(await readWebhook(truth, id)).toMatchObject({
    disabledBy: null,
    failingSince: null,
    waiting: 0,
    lastError: null,
    deliveredAt: expect.any(Date),
  });
});

test("a webhook in a network that only we can reach is not called", async () => {
  const { id } = await addHook(database.truth, receiver.url, ["alert.opened"]);
  await open("tee");
  await drain(worker({ allowPrivate: [] }));
  expect(receiver.heard).toEqual([]);
  const [delivery] = await listDeliveries(database.truth, id, {}, null, 1);
  expect(delivery?.lastError).toContain("WEBHOOK_ALLOW_PRIVATE does not name it");
});

test("one that hangs holds up no other", async () => {
  await addHook(database.truth, `${receiver.url}/slow`, ["alert.opened"]);
  await addHook(database.truth, receiver.url, ["alert.opened"]);
  let letGo: (status: number) => void = () => {};
  const hanging = new Promise<number>((done) => {
    letGo = done;
  });
  receiver.answer = ({ path }) => (path === "/hook" ? 204 : hanging);
  for (let i = 0; i < 10; i++) await open(`s${i}`);
  const telling = worker();
  const quick = (): number => receiver.heard.filter(({ path }) => path === "/hook").length;
  const end = Date.now() + 8_000;
  while (quick() < 10 && Date.now() < end) {
    await telling.step();
    await new Promise((next) => setImmediate(next));
  }
  expect(quick()).toBe(10);
  letGo(204);
  await telling.ended();
});

test("what nobody looks at any more is swept, and what a removed webhook left behind", async () => {
  const { truth } = database;
  const { id } = await addHook(truth, receiver.url, ["alert.opened"]);
  const other = await addHook(truth, receiver.url, ["alert.opened"]);
  await open("a");
  await drain(worker());
  await open("b");
  await truth.query(
    "UPDATE webhook_deliveries SET created_at = created_at - interval '8 days' WHERE webhook_id = $1",
    [id],
  );
  const kept = { sentDays: 7, deadDays: 30, most: 100 };
  expect(await sweepDeliveries(truth, kept)).toBe(1);
  expect(await listDeliveries(truth, id, {}, null, 9)).toMatchObject([{ state: "waiting" }]);
  await truth.query("DELETE FROM webhooks WHERE id = $1", [id]);
  expect(await sweepDeliveries(truth, kept)).toBe(1);
  await truth.transaction((tx) => removeWebhook(tx, other.id));
  expect((await truth.query("SELECT 1 FROM webhook_deliveries")).rowCount).toBe(0);
});
