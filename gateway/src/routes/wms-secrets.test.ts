// A location that shares a secret of its own with its warehouse: set from outside, never told back, changed with an
// overlap. Whose events count under which secret, here and at another gateway.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BOOTSTRAP_KEY, type Stage, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";
import { call, openWarehouse, product, receipt, SECRET, send } from "./wms-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openWarehouse();
  await product("kept");
});
afterAll(() => stage.stop());

const newSecret = (): string => `${randomBytes(12).toString("base64url")} {é}`;
const put = (locationId: string, body: unknown): Promise<Told> =>
  call("PUT", `admin/locations/${locationId}/wms-secret`, body);
const state = async (locationId: string): Promise<Record<string, unknown>> =>
  (await call("GET", `admin/locations/${locationId}/wms-secret`)).body;
const from = (locationId: string): Record<string, unknown> => receipt("kept", 1, { locationId });
/** Each of its events: the code of its rejection, or null. */
async function fates(secret: string, ...events: Record<string, unknown>[]): Promise<(string | null)[]> {
  const { status, body, text } = await send(events, { secret });
  expect(status, text).toBe(202);
  const rejected = new Map(
    (body["rejected"] as { index: number; code: string }[]).map(({ index, code }) => [index, code]),
  );
  return events.map((_, i) => rejected.get(i) ?? null);
}
const OTHERS = "SIGNED_FOR_ANOTHER_LOCATION";

describe("a location's own secret", () => {
  it("speaks for that location alone, and WMS_SECRET no longer for it, but for all others", async () => {
    const own = newSecret();
    expect(await state("east")).toEqual({
      locationId: "east",
      signedBy: "shared",
      setAt: null,
      previousUntil: null,
    });
    // The gateway knows who may speak now; what it is told counts at once all the same.
    expect(await fates(SECRET, from("east"))).toEqual([null]);
    const set = await put("east", { secret: own, overlapSeconds: 0 });
    expect(set.status, set.text).toBe(200);
    expect(set.body).toMatchObject({ locationId: "east", signedBy: "own", previousUntil: null });
    expect(await fates(own, from("east"), from("west"))).toEqual([null, OTHERS]);
    expect(await fates(SECRET, from("east"), from("west"), from("nowhere"))).toEqual([OTHERS, null, null]);
    // Also where it names another location alone: the warehouse hears which one, not that it is nobody.
    const told = await send(from("west"), { secret: own });
    expect([told.status, told.body["accepted"]]).toEqual([202, 0]);
    expect(JSON.stringify(told.body["rejected"])).toContain("does not speak for west");
    // What somebody else signed is refused whole, as ever.
    const foreign = await send(from("east"), { secret: newSecret() });
    expect([foreign.status, foreign.body["code"]]).toEqual([401, "SIGNATURE_INVALID"]);
    await put("east", { secret: null, overlapSeconds: 0 });
  });

  it("may be one for two locations that the same warehouse runs", async () => {
    const both = newSecret();
    for (const id of ["east", "west"]) await put(id, { secret: both, overlapSeconds: 0 });
    expect(await fates(both, from("east"), from("west"), from("nowhere"))).toEqual([null, null, OTHERS]);
    expect(await fates(SECRET, from("east"), from("west"))).toEqual([OTHERS, OTHERS]);
    for (const id of ["east", "west"]) await put(id, { secret: null, overlapSeconds: 0 });
    expect(await fates(SECRET, from("east"), from("west"))).toEqual([null, null]);
  });

  it("is changed with an overlap in which the one before is believed, WMS_SECRET too, and no longer", async () => {
    const [first, second, third] = [newSecret(), newSecret(), newSecret()];
    const begun = await put("east", { secret: first });
    expect(Date.parse(String(begun.body["previousUntil"])) - Date.parse(String(begun.body["setAt"]))).toBe(
      86_400_000,
    );
    expect(await fates(SECRET, from("east"))).toEqual([null]);
    expect(await fates(first, from("east"))).toEqual([null]);
    // Sent again it changes nothing: what is believed is not forgotten for it.
    expect((await put("east", { secret: first, overlapSeconds: 0 })).body).toEqual(begun.body);
    await put("east", { secret: second });
    expect(await fates(first, from("east"))).toEqual([null]);
    expect(await fates(second, from("east"))).toEqual([null]);
    expect(await fates(SECRET, from("east"))).toEqual([OTHERS]);
    await put("east", { secret: third });
    expect((await send(from("east"), { secret: first })).status).toBe(401);
    // When its time is over, PostgreSQL says so.
    await stage.database.truth.query(
      "UPDATE location_wms_secrets SET previous_until = clock_timestamp() WHERE location_id = 'east'",
    );
    expect((await state("east"))["previousUntil"]).toBeNull();
    await stage.until(async () =>
      (await send(from("east"), { secret: second })).status === 401 ? true : null,
    );
    expect(await fates(third, from("east"))).toEqual([null]);
    // Back to WMS_SECRET, as gently.
    expect((await put("east", { secret: null })).body).toMatchObject({ signedBy: "shared" });
    expect(await fates(third, from("east"))).toEqual([null]);
    expect(await fates(SECRET, from("east"))).toEqual([null]);
  });

  it("counts at every gateway within a moment", async () => {
    const other: Gateway = await stage.another();
    const own = newSecret();
    const told = (secret: string): Promise<Told> => send(from("west"), { secret, at: other });
    expect((await told(SECRET)).body).toMatchObject({ rejected: [] });
    await put("west", { secret: own, overlapSeconds: 0 });
    await stage.until(async () => ((await told(own)).status === 202 ? true : null));
    expect((await told(SECRET)).body["rejected"]).toMatchObject([{ code: OTHERS }]);
    await put("west", { secret: null, overlapSeconds: 0 });
  });

  it("is never told: not in an answer, not in the ledger, and no row has it as it is", async () => {
    const own = newSecret();
    const answers = [
      await put("east", { secret: own }),
      await call("GET", "admin/locations/east/wms-secret"),
      await call("GET", "admin/locations/east"),
      await call("GET", "admin/locations"),
      await call("PATCH", "admin/locations/east", { name: "East" }),
      await call("GET", "admin/inventory/ledger?locationId=east"),
      await put("east", { secret: own, overlapSeconds: -1 }),
    ];
    for (const { text } of answers) expect(text).not.toContain(own.slice(0, 16));
    const { body } = await call("GET", "admin/inventory/ledger?locationId=east&limit=100");
    const notes = (body["items"] as Record<string, unknown>[]).filter(
      ({ type }) => type === "location.secret",
    );
    expect(notes[0]).toMatchObject({ actor: expect.stringMatching(/^operator:/), data: { signedBy: "own" } });
    const { rows } = await stage.database.truth.query<{ sealed: Buffer }>(
      "SELECT sealed FROM location_wms_secrets WHERE location_id = 'east'",
    );
    expect(rows[0]?.sealed.includes(own)).toBe(false);
    // Nor can another location's row be made of it.
    await put("west", { secret: newSecret(), overlapSeconds: 0 });
    await stage.database.truth.query(
      "UPDATE location_wms_secrets SET sealed = (SELECT sealed FROM location_wms_secrets WHERE location_id = 'east') WHERE location_id = 'west'",
    );
    await stage.until(async () =>
      (await fates(own, from("west")))[0] === OTHERS && (await fates(own, from("east")))[0] === null
        ? true
        : null,
    );
  });

  it.each([
    ["a short one", { secret: "x".repeat(15) }, 400, "INVALID_REQUEST"],
    ["none at all", {}, 400, "INVALID_REQUEST"],
    ["one with a line break", { secret: `${"x".repeat(16)}\n` }, 400, "INVALID_REQUEST"],
    ["an overlap of years", { secret: "x".repeat(16), overlapSeconds: 1e8 }, 400, "INVALID_REQUEST"],
    ["an unknown field", { secret: "x".repeat(16), overlap: 1 }, 400, "INVALID_REQUEST"],
  ])("%s is refused", async (_name, body, status, code) => {
    const told = await put("east", body);
    expect([told.status, told.body["code"]]).toEqual([status, code]);
  });

  it("is set by who may, for a location that there is", async () => {
    const there = await put("unheard-of", { secret: newSecret() });
    expect([there.status, there.body["code"]]).toEqual([404, "LOCATION_NOT_FOUND"]);
    expect((await call("GET", "admin/locations/unheard-of/wms-secret")).status).toBe(404);
    const made = await call("POST", "admin/api-keys", { name: "shop", scopes: ["merchant"] });
    const path = "/api/v1/admin/locations/east/wms-secret";
    const shop = { bearer: String(made.body["key"]), body: { secret: newSecret() } };
    expect((await stage.call("PUT", path, shop)).status).toBe(403);
    expect((await stage.call("PUT", path, { body: shop.body })).status).toBe(401);
    expect((await stage.call("GET", path, { bearer: BOOTSTRAP_KEY })).status).toBe(200);
  });
});
