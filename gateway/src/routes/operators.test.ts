// Operators from outside: what a role may, what a cookie alone may not, and that there is always an admin.
import { ENDPOINTS } from "@dropgate/contracts/endpoints";
import type { Endpoint } from "@dropgate/contracts/endpoints/endpoint";
import { consoleScopeOf, ROLES, type Role, roleMay } from "@dropgate/contracts/roles";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { newEmail, OperatorStage, type Person } from "../operators/operator-stage.ts";
import { inMinutes, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
let people: OperatorStage;
let byRole: Record<Role, Person>;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  people = new OperatorStage(stage);
  const all = await Promise.all(ROLES.map(async (role) => [role, await people.person(role)] as const));
  byRole = Object.fromEntries(all) as Record<Role, Person>;
});
afterAll(() => stage.stop());

const code = ({ status, body }: Told): unknown[] => [status, body["code"]];
const idOf = ({ body }: Told): string => String(body["id"]);

describe("a role", () => {
  const scoped = (Object.entries(ENDPOINTS) as [string, Endpoint][]).filter(
    ([, endpoint]) => consoleScopeOf(endpoint) !== null,
  );

  it.each(ROLES)("%s is let into exactly the calls that the table gives it", async (role) => {
    for (const [name, endpoint] of scoped) {
      const scope = consoleScopeOf(endpoint);
      const isFree = scope === null || roleMay(role, scope);
      // A body that no schema takes: who is let in is told so, and nothing happens.
      const told = await stage.call(endpoint.method, pathOf(endpoint.path), {
        cookie: byRole[role].cookie,
        headers: { "x-csrf-token": byRole[role].csrf },
        ...(endpoint.method !== "GET" && { body: { nothing: "like this" } }),
      });
      expect([name, told.body["code"] === "FORBIDDEN"]).toEqual([name, !isFree]);
      if (!isFree) expect(told.body["detail"]).toBe(`The role ${role} may not do this.`);
    }
  });

  it("opens no call of merchants' servers, not even an admin's", async () => {
    const told = await stage.call("POST", "/api/v1/holds/none/cancel", {
      cookie: byRole.admin.cookie,
      headers: { "x-csrf-token": byRole.admin.csrf },
      body: { reason: "x" },
    });
    expect(code(told)).toEqual([401, "UNAUTHENTICATED"]);
  });

  it("counts from the next call on when it is changed", async () => {
    const ann = await people.person("viewer");
    const sale = await stage.sale();
    const pause = (): Promise<Told> => ann.call("POST", `/sales/${sale.id}/actions/close`, { body: {} });
    expect(code(await pause())).toEqual([403, "FORBIDDEN"]);
    await byRole.admin.call("PATCH", `/operators/${ann.id}`, { body: { role: "operator" } });
    expect((await pause()).status).toBe(200);
  });
});

/** With something in the place of each parameter that looks like it. */
function pathOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === "action" ? "open" : name === "index" ? "0" : "none",
  );
}

describe("a cookie alone", () => {
  const add = (headers: Record<string, string>, cookie = byRole.admin.cookie): Promise<Told> =>
    stage.call("POST", "/api/v1/admin/operators", {
      cookie,
      headers,
      body: { email: newEmail(), role: "viewer" },
    });

  it("changes nothing: the session's own token has to come with it", async () => {
    const { csrf } = byRole.admin;
    for (const headers of [
      {},
      { "x-csrf-token": "" },
      { "x-csrf-token": byRole.operator.csrf },
      { "x-csrf-token": csrf.slice(1) },
      { "x-csrf-token": `${csrf}x` },
      { "x-csrf-token": byRole.admin.cookie.split("=")[1] ?? "" },
    ]) {
      expect(code(await add(headers))).toEqual([403, "CSRF_TOKEN_INVALID"]);
    }
    expect((await add({ "x-csrf-token": csrf })).status).toBe(201);
  });

  it("of another session of the same operator has another token", async () => {
    const again = await people.enter(byRole.admin);
    expect(code(await add({ "x-csrf-token": byRole.admin.csrf }, again.cookie))).toEqual([
      403,
      "CSRF_TOKEN_INVALID",
    ]);
  });

  it("changes nothing from a page elsewhere, also with the token", async () => {
    const { csrf } = byRole.admin;
    for (const more of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: stage.gateway.url, "sec-fetch-site": "cross-site" },
    ]) {
      expect(code(await add({ "x-csrf-token": csrf, ...more }))).toEqual([403, "ORIGIN_REFUSED"]);
    }
    const own = { origin: stage.gateway.url, "sec-fetch-site": "same-origin" };
    expect((await add({ "x-csrf-token": csrf, ...own })).status).toBe(201);
  });

  it.each([
    ["DELETE", "/session"],
    ["DELETE", "/sessions"],
    ["POST", "/session/password"],
  ])("does not %s %s either", async (method, path) => {
    const ann = await people.person("viewer");
    const told = await ann.call(method, path, { headers: { "x-csrf-token": "x" }, body: {} });
    expect(code(told)).toEqual([403, "CSRF_TOKEN_INVALID"]);
    expect((await ann.call("GET", "/session")).status).toBe(200);
  });

  it("opens a preflight to nobody", async () => {
    const told = await stage.call("OPTIONS", "/api/v1/admin/session", {
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect(told.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("operators", () => {
  it("are added with a password that is shown once, also when asked again under the same key", async () => {
    const { admin } = byRole;
    const email = newEmail();
    const ask = (): Promise<Told> =>
      admin.call("POST", "/operators", {
        headers: { "idempotency-key": "add-once" },
        body: { email, name: "Ann", role: "viewer" },
      });
    const first = await ask();
    expect(first.status).toBe(201);
    expect(first.body["initialPassword"]).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    expect(first.body["operator"]).toMatchObject({
      email,
      name: "Ann",
      role: "viewer",
      state: "active",
      mustChangePassword: true,
      createdBy: `operator:${admin.id}`,
      lastSignInAt: null,
    });
    expect((await ask()).text).toBe(first.text);
    const kept = await stage.database.truth.query<{ body: Buffer }>(
      "SELECT body FROM idempotency_keys WHERE key = 'add-once'",
    );
    expect(kept.rows[0]?.body.toString("latin1")).not.toContain(first.body["initialPassword"]);
    const { id } = first.body["operator"] as { id: string };
    const shown = await admin.call("GET", `/operators/${id}`);
    expect(shown.body).toEqual(first.body["operator"]);
    expect(code(await admin.call("POST", "/operators", { body: { email, role: "admin" } }))).toEqual([
      409,
      "OPERATOR_EXISTS",
    ]);
    const capital = { email: email.toUpperCase(), role: "admin" };
    expect((await admin.call("POST", "/operators", { body: capital })).status).toBe(409);
  });

  it("are listed page by page, each once, the newest first, and never with what a password is held against", async () => {
    const { admin, viewer } = byRole;
    const added = await people.add("viewer");
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body, text } = await admin.call("GET", `/operators?limit=3${cursor}`);
      expect(text).not.toContain("argon2");
      seen.push(...(body["items"] as { id: string }[]).map(({ id }) => id));
      cursor = typeof body["nextCursor"] === "string" ? `&cursor=${body["nextCursor"]}` : "";
    } while (cursor !== "");
    const { rows } = await stage.database.truth.query<{ n: number }>("SELECT count(*) AS n FROM operators");
    expect(seen[0]).toBe(added.id);
    expect([seen.length, new Set(seen).size]).toEqual([rows[0]?.n, rows[0]?.n]);
    const names = await viewer.call("GET", "/operator-names?limit=1");
    expect(names.body["items"]).toEqual([{ id: added.id, name: added.email }]);
  });

  it("whose password is reset have the new one only, and no session", async () => {
    const ann = await people.person("viewer");
    const told = await byRole.admin.call("POST", `/operators/${ann.id}/reset-password`, { body: {} });
    expect(told.status).toBe(200);
    expect((await ann.call("GET", "/session")).status).toBe(401);
    expect((await people.signIn(ann.email, ann.password)).status).toBe(401);
    const again = await people.signIn(ann.email, String(told.body["initialPassword"]));
    expect([again.status, again.body["mustChangePassword"]]).toEqual([200, true]);
  });

  it("that are not there have their word", async () => {
    const { admin } = byRole;
    for (const id of ["op_none", "{a}", "%00", "a".repeat(65)]) {
      expect(code(await admin.call("GET", `/operators/${id}`))).toEqual([404, "OPERATOR_NOT_FOUND"]);
      const patched = await admin.call("PATCH", `/operators/${id}`, { body: { name: "x" } });
      expect(code(patched)).toEqual([404, "OPERATOR_NOT_FOUND"]);
      const reset = await admin.call("POST", `/operators/${id}/reset-password`, { body: {} });
      expect(code(reset)).toEqual([404, "OPERATOR_NOT_FOUND"]);
    }
  });

  it.each([
    ["a role that there is not", { email: "a@b.example", role: "root" }, "/role"],
    ["a name with control characters", { email: "a@b.example", role: "viewer", name: "a\u0000" }, "/name"],
    ["a name of 10 kB", { email: "a@b.example", role: "viewer", name: "a".repeat(10_000) }, "/name"],
    ["a password of their choice", { email: "a@b.example", role: "viewer", password: "x" }, "/password"],
  ])("with %s are INVALID_REQUEST", async (_what, body, pointer) => {
    const told = await byRole.admin.call("POST", "/operators", { body });
    expect(code(told)).toEqual([400, "INVALID_REQUEST"]);
    expect(told.body["errors"]).toEqual([expect.objectContaining({ pointer })]);
  });

  it("are remembered with what became of them and who did it", async () => {
    const { admin } = byRole;
    const ann = await people.person("viewer");
    await admin.call("PATCH", `/operators/${ann.id}`, { body: { role: "approver" } });
    await admin.call("PATCH", `/operators/${ann.id}`, { body: { role: "approver" } });
    await admin.call("PATCH", `/operators/${ann.id}`, { body: { state: "disabled" } });
    const told = await admin.call("GET", `/operator-acts?operatorId=${ann.id}&limit=2`);
    expect(told.body["items"]).toEqual([
      expect.objectContaining({ act: "operator.disabled", actor: `operator:${admin.id}` }),
      expect.objectContaining({ act: "operator.changed", data: { role: "approver", was: "viewer" } }),
    ]);
    const rest = await admin.call(
      "GET",
      `/operator-acts?operatorId=${ann.id}&cursor=${String(told.body["nextCursor"])}`,
    );
    expect((rest.body["items"] as { act: string }[]).map(({ act }) => act)).toEqual([
      "session.opened",
      "password.changed",
      "session.opened",
      "operator.added",
    ]);
  });
});

describe("what an operator does", () => {
  it("with a sale is in its audit under their name, each act of it", async () => {
    const { operator, viewer } = byRole;
    const made = await operator.call("POST", "/sales", {
      body: {
        title: "A sale",
        sku: "sku-1",
        source: "own",
        quantity: 10,
        schedule: { drawAt: inMinutes(10), opensAt: inMinutes(11), closesAt: inMinutes(60) },
      },
    });
    expect(made.status).toBe(201);
    const sale = `/sales/${idOf(made)}`;
    const acts: [method: string, path: string, body: object][] = [
      ["PATCH", sale, { title: "Another" }],
      ["PATCH", sale, { quantity: 14 }],
      ["PATCH", sale, { quantity: 13 }],
      ["PUT", `${sale}/admission`, { ratePerSecond: 3, burst: 3 }],
      ["POST", `${sale}/pools/0/adjust`, { delta: 4 }],
      ["POST", `${sale}/pools/rebalance`, {}],
      ["POST", `${sale}/actions/close`, {}],
    ];
    for (const [method, path, body] of acts) {
      const told = await operator.call(method, path, { body });
      expect([path, told.status]).toEqual([path, 200]);
    }
    const audit = await stage.until(async () => {
      const told = await viewer.call("GET", `${sale}/audit`);
      const items = told.body["items"] as { act: string; actor: string; actorName: string }[];
      return items.some(({ act }) => act === "sale.phase") ? items : null;
    });
    expect(new Set(audit.map(({ act }) => act))).toEqual(
      new Set([
        "sale.created",
        "sale.changed",
        "units.added",
        "returned",
        "admission.changed",
        "pools.rebalanced",
        "sale.phase",
      ]),
    );
    for (const { act, actor, actorName } of audit) {
      expect([act, actor, actorName]).toEqual([act, `operator:${operator.id}`, operator.email]);
    }
    const csv = await viewer.call("GET", `${sale}/audit`, { headers: { accept: "text/csv" } });
    const lines = csv.text.trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/,actor,data,actorName$/);
    for (const line of lines.slice(1)) expect(line.endsWith(`,${operator.email}`)).toBe(true);
  });

  it("with an API key is in the audit under the key", async () => {
    const { id } = await stage.sale();
    const audit = await stage.until(async () => {
      const told = await byRole.viewer.call("GET", `/sales/${id}/audit`);
      return (told.body["items"] as object[])[0];
    });
    expect(audit).toMatchObject({ act: "sale.created", actor: "operator:bootstrap", actorName: null });
  });

  it("is in the ledgers under their name", async () => {
    const { operator, viewer } = byRole;
    const made = await operator.call("POST", "/locations", { body: location() });
    expect(made.status).toBe(201);
    const ledger = await viewer.call("GET", `/inventory/ledger?locationId=${idOf(made)}`);
    expect(ledger.body["items"]).toEqual([
      expect.objectContaining({ type: "location.created", actor: `operator:${operator.id}` }),
    ]);
  });
});

function location(): object {
  return {
    id: `l-${Math.random().toString(36).slice(2)}`,
    name: "Reno",
    type: "warehouse",
    address: { line1: "1 Way", city: "Reno", region: "NV", postalCode: "89502", country: "US" },
    coordinates: { lat: 39.5, lon: -119.78 },
    timeZone: "America/Los_Angeles",
    shippingMethods: [{ method: "standard", cutoff: "20:00" }],
    handles: { hazmat: false, oversized: false, refrigerated: false },
    serviceRegions: ["US"],
    operatingDays: [1, 2, 3, 4, 5],
    capacityPerDay: 100,
    currentUtilization: 0,
  };
}
