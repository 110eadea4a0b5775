// Operators on the socket, from outside: who may watch, what they are told, and how soon it ends with their session.
import { randomBytes } from "node:crypto";
import { problemSchema } from "@dropgate/contracts/values";
import { raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { OperatorStage, type Person } from "../operators/operator-stage.ts";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage } from "../stage.ts";
import { Ear, Refused } from "./ear.ts";

let stage: Stage;
let operators: OperatorStage;
let saleId: string;
const ears: Ear[] = [];

beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  operators = new OperatorStage(stage);
  await stage.worker();
  saleId = (
    await stage.sale({
      quantity: 4,
      poolCount: 2,
      admission: { ratePerSecond: 100, burst: 100 },
      schedule: { drawAt: inMinutes(-1), opensAt: inMinutes(-1), lobbyAt: inMinutes(-2) },
    })
  ).id;
});
afterAll(() => stage.stop());
afterEach(() => {
  for (const ear of ears.splice(0)) ear.close();
});

interface From {
  cookie?: string;
  origin?: string;
  auth?: Record<string, string>;
  at?: { url: string };
}

async function enter({ cookie, origin, auth = {}, at = stage.gateway }: From): Promise<Ear> {
  const extraHeaders = {
    ...(cookie !== undefined && { Cookie: cookie }),
    ...(origin !== undefined && { Origin: origin }),
  };
  const ear = await Ear.open(at, { saleId, ...auth }, { extraHeaders });
  ears.push(ear);
  return ear;
}

const asOperator = (person: Person, from: From = {}): Promise<Ear> =>
  enter({ cookie: person.cookie, ...from, auth: { as: "operator" } });

async function codeOf(entering: Promise<Ear>): Promise<string> {
  const error = await entering.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Refused)) throw new Error(`not refused: ${String(error)}`);
  return problemSchema.parse(error.data).code;
}

/** How a connection ended, in Socket.IO's words. */
const endOf = (ear: Ear): Promise<string> =>
  new Promise((resolve) => {
    if (!ear.client.connected) resolve("before");
    else ear.client.once("disconnect", resolve);
  });

describe("who watches as an operator", () => {
  it("is anybody with a console session, a viewer too, or an API key with scope operator", async () => {
    const viewer = await operators.person("viewer");
    for (const ear of [await asOperator(viewer), await enter({ auth: { apiKey: BOOTSTRAP_KEY } })]) {
      const metrics = await ear.until("metrics");
      expect(metrics.saleId).toBe(saleId);
      expect(ear.names().slice(0, 2)).toEqual(["sale", "serving"]);
      expect(ear.faults).toEqual([]);
    }
    // Without being asked whether, as the console's session alone.
    await (await enter({ cookie: viewer.cookie })).until("metrics");
  });

  it("is nobody without a session, with one that has ended, or whose password is not their own yet", async () => {
    expect(await codeOf(enter({ auth: { as: "operator" } }))).toBe("UNAUTHENTICATED");
    const gone = await operators.person("viewer");
    await gone.call("DELETE", "/session");
    expect(await codeOf(asOperator(gone))).toBe("UNAUTHENTICATED");
    const { email, password } = await operators.add("operator");
    const signedIn = await operators.signIn(email, password);
    const cookie = signedIn.headers
      .getSetCookie()
      .map((text) => text.split(";")[0])
      .join("; ");
    expect(await codeOf(enter({ cookie, auth: { as: "operator" } }))).toBe("PASSWORD_CHANGE_REQUIRED");
    // Who does not ask to be one is a spectator then, who is told no figures.
    const spectator = await enter({ cookie: gone.cookie });
    const watching = await enter({ auth: { apiKey: BOOTSTRAP_KEY } });
    await watching.until("metrics");
    expect(spectator.of("metrics")).toEqual([]);
  });

  it("comes from our own page: one that is allowed for shoppers watches by no operator's cookie", async () => {
    const gateway = await stage.another({ ALLOWED_ORIGINS: "https://shop.example" });
    const viewer = await operators.person("viewer");
    const from = { at: gateway, origin: "https://shop.example" };
    expect(await codeOf(asOperator(viewer, from))).toBe("UNAUTHENTICATED");
    await (await asOperator(viewer, { at: gateway, origin: gateway.url })).until("metrics");
  });
});

describe("a session that ends takes its connection with it", () => {
  it("at once when the operator signs out, is disabled, or an admin resets the password", async () => {
    const [out, disabled, reset] = [
      await operators.person("viewer"),
      await operators.person("operator"),
      await operators.person("admin"),
    ];
    const ends: Promise<string>[] = [];
    for (const person of [out, disabled, reset]) ends.push(endOf(await asOperator(person)));
    await out.call("DELETE", "/session");
    await operators.admin("PATCH", `/operators/${disabled.id}`, { state: "disabled" });
    await operators.admin("POST", `/operators/${reset.id}/reset-password`, {});
    expect(await Promise.all(ends)).toEqual(Array.from({ length: 3 }, () => "io server disconnect"));
  });

  it("and comes back under the new role when that was changed", async () => {
    const person = await operators.person("operator");
    const ear = await asOperator(person);
    await ear.until("metrics");
    const ended = endOf(ear);
    const again = new Promise((resolve) => void ear.client.io.once("open", () => resolve(true)));
    await operators.admin("PATCH", `/operators/${person.id}`, { role: "viewer" });
    expect(await ended).toBe("transport close");
    expect(await again).toBe(true);
    await ear.until("metrics");
  });
});

describe("what an operator is told", () => {
  it("is how the sale goes: joins, offers, claims and confirms, pools, clients, refusals, answers and stores", async () => {
    const ear = await enter({ auth: { apiKey: BOOTSTRAP_KEY } });
    const elsewhere = await stage.another();
    await enter({ at: elsewhere });
    const cookie = await stage.cookie(saleId);
    const joined = await stage.until(async () => {
      const told = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie, body: {} });
      return told.status === 201 || told.status === 200 ? told : null;
    });
    const shopper = await Ear.open(stage.gateway, { token: String(joined.body["token"]) });
    ears.push(shopper);
    const { holdId } = await shopper.until("offer");
    await ear.until("metrics", ({ states }) => states.offered === 1);
    await shopper.ask("claim", { holdId });
    await ear.until("metrics", ({ states, totals }) => states.held === 1 && totals.claimed === 1);
    const orderId = `order-${randomBytes(4).toString("hex")}`;
    await stage.call("POST", `/api/v1/holds/${holdId}/confirm`, { bearer: BOOTSTRAP_KEY, body: { orderId } });
    await stage.call("GET", "/api/v1/sales/none");
    const last = await ear.until(
      "metrics",
      ({ totals, gateways, clients, rejections, latency, states }) =>
        totals.confirmed === 1 &&
        states.purchased === 1 &&
        gateways >= 2 &&
        clients >= 3 &&
        latency.p99Ms !== null &&
        rejections.some(({ code, total }) => code === "SALE_NOT_FOUND" && total > 0),
    );
    expect(last.totals).toMatchObject({ joined: 1, offered: 1, claimed: 1, confirmed: 1, lapsed: 0 });
    expect(last.pools.map(({ capacity }) => capacity)).toEqual([2, 2]);
    expect(last.pools.reduce((sum, { sold }) => sum + sold, 0)).toBe(1);
    expect(last.health).toMatchObject({ redis: { ok: true }, postgresql: { ok: true } });
    const { body } = await stage.call("GET", `/api/v1/admin/sales/${saleId}/metrics`, {
      bearer: BOOTSTRAP_KEY,
    });
    expect(body).toMatchObject({ totals: last.totals });
    // After the ledger's page is closed the tally says the same as the rows did.
    await stage.until(async () => {
      const { rows } = await stage.database.truth.query(
        "SELECT 1 FROM ledger_tallies WHERE sale_id = $1 AND (acts->>'confirmed')::int = 1",
        [saleId],
      );
      return rows[0] ?? null;
    });
    const after = await stage.call("GET", `/api/v1/admin/sales/${saleId}/metrics`, { bearer: BOOTSTRAP_KEY });
    expect(after.body).toMatchObject({ totals: last.totals });
    expect(ear.faults).toEqual([]);
  });

  it("is each alert that is raised meanwhile, once for each time it is found", async () => {
    const ear = await enter({ auth: { apiKey: BOOTSTRAP_KEY } });
    await ear.until("metrics");
    const raise = (detail: string) =>
      raiseAlerts(stage.database.truth, [
        { id: `alert-${saleId}`, kind: "low_stock", subject: saleId, detail },
      ]);
    // Until the desk has had its first look, what is there counts as known.
    await stage.until(async () => {
      await raise("Few are left.");
      return ear.last("alert") ?? null;
    });
    expect(ear.last("alert")).toMatchObject({ kind: "low_stock", state: "open", detail: "Few are left." });
    const names = ear.of("alert").map(({ id, times }) => `${id} ${times}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("is made once however many watch: all hear the same words", async () => {
    const [one, other] = [
      await enter({ auth: { apiKey: BOOTSTRAP_KEY } }),
      await enter({ auth: { apiKey: BOOTSTRAP_KEY } }),
    ];
    const momentsOf = (ear: Ear): string[] => ear.of("metrics").map(({ at }) => at);
    // The first is the welcome's own, which each gets when it comes.
    const shared = await one.level("three figures that both have heard", () => {
      const heard = new Set(momentsOf(other).slice(1));
      const both = momentsOf(one)
        .slice(1)
        .filter((at) => heard.has(at));
      return both.length >= 3 ? both : undefined;
    });
    const [first = ""] = shared;
    const since = (ear: Ear): string[] => momentsOf(ear).filter((at) => at >= first);
    expect(since(other).slice(0, shared.length)).toEqual(since(one).slice(0, shared.length));
  });
});
