// Webhooks from outside, with a real worker and a receiver that listens: set up, tried out, told of what shoppers,
// operators and orders do, looked at, sent again, removed.
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  deliverySchema,
  WEBHOOK_EVENT_TYPES,
  type WebhookEvent,
  webhookEventSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from "@dropgate/contracts/webhooks";
import { raiseAlerts, resolveAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

interface Heard {
  event: WebhookEvent;
  body: string;
  signature: string;
}

let stage: Stage;
let server: Server;
let url: string;
let status = 200;
const heard: Heard[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += String(bytes)));
    request.on("end", () => {
      const event = webhookEventSchema.parse(JSON.parse(body));
      heard.push({ event, body, signature: String(request.headers["x-signature"]) });
      response.writeHead(status).end("thank\nyou");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  await stage.worker({ WEBHOOK_ALLOW_PRIVATE: "127.0.0.0/8" });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stage.stop();
});

const call = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1${path}`, { bearer: BOOTSTRAP_KEY, ...(body !== undefined && { body }) });
const items = ({ body }: Told): Record<string, unknown>[] => body["items"] as Record<string, unknown>[];
const about = (subject: string): Promise<WebhookEvent[]> =>
  Promise.resolve(heard.flatMap(({ event }) => (event.subject === subject ? [event] : [])));
const hear = (subject: string, count: number): Promise<WebhookEvent[]> =>
  stage.until(async () => {
    const events = await about(subject);
    return events.length >= count ? events : null;
  });

async function add(
  events: readonly string[] = WEBHOOK_EVENT_TYPES,
  over: object = {},
): Promise<{ id: string; secret: string }> {
  const told = await call("POST", "/admin/webhooks", { url, events, ...over });
  const { webhook, secret } = webhookWithSecretSchema.parse(told.body);
  return { id: webhook.id, secret };
}

it("is set up with a secret that is shown once, changed, and each change is remembered", async () => {
  const { id, secret } = await add(["sale.phase"], { enabled: false, description: "erp" });
  const list = await call("GET", "/admin/webhooks");
  expect(list.text).not.toContain(secret);
  expect(items(list).map((webhook) => webhookSchema.parse(webhook))).toMatchObject([
    { id, url, enabled: false, disabledBy: "operator", description: "erp", createdBy: "operator:bootstrap" },
  ]);
  // One that waits is not sent again by who asks for it: nothing is done, so nothing is remembered.
  const { truth } = stage.database;
  const { rows } = await truth.query<{ nth: number }>(
    `INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body)
     VALUES ($1, 'evt_1', 'sale.phase', 'sale x', '{}') RETURNING id AS nth`,
    [id],
  );
  const resent = await call("POST", `/admin/webhooks/${id}/deliveries/${rows[0]?.nth}/resend`);
  expect([resent.status, resent.body["state"]]).toEqual([200, "waiting"]);
  await truth.query("DELETE FROM webhook_deliveries WHERE webhook_id = $1", [id]);
  const patch = { enabled: true, events: ["sale.phase", "hold.confirmed"], description: null };
  expect((await call("PATCH", `/admin/webhooks/${id}`, patch)).body).toMatchObject({
    ...patch,
    disabledBy: null,
  });
  expect((await call("PATCH", `/admin/webhooks/${id}`, { url: "ftp://x/" })).status).toBe(400);
  const rotated = await call("POST", `/admin/webhooks/${id}/rotate-secret`, {});
  expect(webhookWithSecretSchema.parse(rotated.body).webhook.previousSecretUntil).not.toBeNull();
  expect((await call("DELETE", `/admin/webhooks/${id}`)).status).toBe(204);
  expect((await call("GET", `/admin/webhooks/${id}`)).body["code"]).toBe("WEBHOOK_NOT_FOUND");
  const acts = items(await call("GET", `/admin/settings-acts?subject=${id}`)).map(({ act }) => act);
  expect(acts).toEqual(["webhook.removed", "webhook.secret-rotated", "webhook.changed", "webhook.made"]);
});

it("is tried out by one event that the worker sends, and how that went is the answer", async () => {
  const { id, secret } = await add(["sale.phase"], { enabled: false });
  const good = deliverySchema.parse((await call("POST", `/admin/webhooks/${id}/test`)).body);
  expect(good).toMatchObject({
    state: "sent",
    type: "webhook.test",
    lastStatus: 200,
    lastAnswer: "thank you",
  });
  const [test] = await about(good.subject);
  expect(test).toMatchObject({ id: good.eventId, data: { webhookId: id } });
  const { body, signature } = heard.find(({ event }) => event.id === good.eventId) ?? {
    body: "",
    signature: "",
  };
  const t = /^t=(\d+),/.exec(signature)?.[1] ?? "";
  expect(signature).toBe(`t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`);
  status = 500;
  const bad = (await call("POST", `/admin/webhooks/${id}/test`)).body;
  status = 200;
  expect(bad).toMatchObject({ state: "dead", attempts: 1, lastStatus: 500, nextAt: null });
  // It says nothing of whether the real ones arrive.
  expect((await call("GET", `/admin/webhooks/${id}`)).body).toMatchObject({
    failingSince: null,
    lastError: null,
  });
  const { truth } = stage.database;
  expect((await truth.query("SELECT 1 FROM alerts WHERE subject = $1", [`webhook ${id}`])).rowCount).toBe(0);
  await call("PATCH", `/admin/webhooks/${id}`, { url: "http://169.254.169.254/" });
  const inside = (await call("POST", `/admin/webhooks/${id}/test`)).body;
  expect(inside).toMatchObject({ state: "dead", lastStatus: null });
  expect(inside["lastError"]).toContain("is not a public address");
  await call("DELETE", `/admin/webhooks/${id}`);
});

it("is told of phases, of what is sold and given back, in order and once, and can be told again", async () => {
  const { id } = await add();
  const sale = await stage.sale({ quantity: 2, admission: { ratePerSecond: 1_000, burst: 100 } });
  const cookie = await stage.cookie(sale.id);
  const joined = await stage.call("POST", `/api/v1/sales/${sale.id}/entries`, { cookie });
  for (const action of ["draw", "open"]) await call("POST", `/admin/sales/${sale.id}/actions/${action}`, {});
  const entry = `/api/v1/entries/${String(joined.body["entryId"])}`;
  const holdId = await stage.until(async () => {
    const { body } = await stage.call("GET", entry, { cookie });
    return body["state"] === "offered" ? String(body["holdId"]) : null;
  });
  await stage.call("POST", `/api/v1/holds/${holdId}/claim`, { cookie });
  for (let i = 0; i < 2; i++) {
    expect((await call("POST", `/holds/${holdId}/confirm`, { orderId: "order/1" })).status).toBe(200);
  }
  expect((await call("POST", `/holds/${holdId}/cancel`, { reason: "no more" })).status).toBe(200);
  const data = { holdId, saleId: sale.id, entryId: joined.body["entryId"], sku: "sku-1", orderId: "order/1" };
  expect(await hear(`hold ${holdId}`, 2)).toMatchObject([
    { type: "hold.confirmed", data },
    { type: "hold.cancelled", data: { ...data, reason: "no more" } },
  ]);
  expect((await hear(`sale ${sale.id}`, 2)).map(({ data: said }) => said)).toMatchObject([
    { saleId: sale.id, from: "lobby", to: "drawing" },
    { saleId: sale.id, from: "drawing", to: "live" },
  ]);

  const sent = await stage.until(async () => {
    const list = items(await call("GET", `/admin/webhooks/${id}/deliveries?state=sent&type=hold.confirmed`));
    return list.length === 1 ? list : null;
  });
  const [delivery] = sent;
  const again = `/admin/webhooks/${id}/deliveries/${String(delivery?.["id"])}/resend`;
  expect((await call("POST", again)).body).toMatchObject({ state: "waiting", attempts: 0 });
  const events = await hear(`hold ${holdId}`, 3);
  expect(events[2]).toEqual(events[0]);
  expect((await call("POST", `/admin/webhooks/${id}/deliveries/99999/resend`)).body["code"]).toBe(
    "DELIVERY_NOT_FOUND",
  );
  await call("DELETE", `/admin/webhooks/${id}`);
});

it("is told of reservations as they go, and of alerts", async () => {
  const { id } = await add(["reservation.state", "alert.opened", "alert.resolved"]);
  await call("POST", "/admin/locations", {
    id: "east",
    name: "east",
    type: "warehouse",
    address: { postalCode: "98101", country: "US" },
    coordinates: { lat: 47.61, lon: -122.33 },
    timeZone: "America/Los_Angeles",
    shippingMethods: [{ method: "standard", cutoff: "17:00" }],
    handles: { hazmat: true, oversized: true, refrigerated: true },
    serviceRegions: ["US"],
    operatingDays: [1, 2, 3, 4, 5, 6, 7],
    capacityPerDay: 1_000,
  });
  await call("POST", "/admin/products", {
    sku: "tee",
    title: "tee",
    price: { amount: 1_000, currency: "USD" },
    weightGrams: 100,
    dimensionsMm: { length: 100, width: 100, height: 100 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
  });
  const asked = await call("POST", "/admin/adjustments", {
    sku: "tee",
    locationId: "east",
    delta: 9,
    reason: "came",
  });
  if (asked.status === 202) await stage.approve(String(asked.body["id"]));
  const reserve = async (orderId: string): Promise<string> => {
    const told = await call("POST", "/reservations", {
      orderId,
      items: [{ sku: "tee", quantity: 1 }],
      shipTo: { postalCode: "98101", country: "US" },
    });
    expect(told.status).toBe(201);
    return (told.body["reservation"] as { id: string }).id;
  };
  const states = (events: WebhookEvent[]): unknown[] =>
    events.map(({ type, data }) => (type === "reservation.state" && "state" in data ? data.state : type));
  const bought = await reserve("o-1");
  await call("POST", `/reservations/${bought}/payment`);
  await call("POST", `/reservations/${bought}/confirm`);
  await call("POST", `/reservations/${bought}/cancel`, { reason: "no" });
  const left = await reserve("o-2");
  await call("POST", `/reservations/${left}/release`);
  expect(states(await hear(`reservation ${bought}`, 4))).toEqual([
    "active",
    "pending",
    "allocated",
    "cancelled",
  ]);
  expect(states(await hear(`reservation ${left}`, 2))).toEqual(["active", "released"]);

  const { truth } = stage.database;
  await raiseAlerts(truth, [{ id: "alert_1", kind: "variance", subject: "tee at east", detail: "3 fewer" }]);
  await resolveAlerts(truth, "variance", "tee at east", "operator:ann");
  expect(await hear("alert alert_1", 2)).toMatchObject([
    { type: "alert.opened", data: { kind: "variance", state: "open", decidedBy: null } },
    { type: "alert.resolved", data: { state: "resolved", decidedBy: "operator:ann" } },
  ]);
  await call("DELETE", `/admin/webhooks/${id}`);
});
