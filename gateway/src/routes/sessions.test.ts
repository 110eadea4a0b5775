// Signing in to the console from outside: what opens, what does not, and what an answer gives away.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { cookiesOf, newPassword, OperatorStage } from "../operators/operator-stage.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
let people: OperatorStage;
const stores = { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") };
beforeAll(async () => {
  stage = await openStage(stores);
  people = new OperatorStage(stage);
});
afterAll(() => stage.stop());

const SESSION = "/api/v1/admin/session";
const code = ({ status, body }: Told): unknown[] => [status, body["code"]];
const ofSession = (cookie: string): Promise<Told> => stage.call("GET", SESSION, { cookie });

describe("signing in", () => {
  it("opens a session that says whose it is and what it may, by a cookie that no script reads", async () => {
    const ann = await people.person("operator");
    const told = await people.signIn(ann.email.toUpperCase(), ann.password);
    expect(told.status).toBe(200);
    const [session, device] = told.headers.getSetCookie();
    expect(session).toMatch(/^dropgate_console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(device).toMatch(
      /^dropgate_console_device=.+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=31536000$/,
    );
    expect(told.headers.get("cache-control")).toBe("no-store");
    const own = await ofSession(cookiesOf(told).get("dropgate_console") ?? "");
    expect(own.body).toMatchObject({
      operator: { id: ann.id, email: ann.email, role: "operator" },
      scopes: ["read", "run"],
      mustChangePassword: false,
      idleSeconds: 43_200,
    });
    expect(own.body).toEqual(told.body);
    const lasts = Date.parse(String(own.body["expiresAt"])) - Date.parse(String(own.body["signedInAt"]));
    expect(lasts).toBe(7 * 86_400_000);
  });

  it("by https sets cookies that only https and only this very host can have set", async () => {
    const ann = await people.person("viewer");
    const at = await stage.another({ PUBLIC_URL: "https://drop.example" });
    const told = await people.signIn(ann.email, ann.password, { at });
    for (const cookie of told.headers.getSetCookie()) {
      expect(cookie).toMatch(/^__Host-dropgate_console/);
      expect(cookie).toMatch(/; Secure$/);
    }
    const [token = ""] = [...cookiesOf(told).values()];
    expect((await stage.call("GET", SESSION, { cookie: token, at })).status).toBe(200);
    const planted = token.replace("__Host-", "");
    expect((await stage.call("GET", SESSION, { cookie: planted, at })).status).toBe(401);
  });

  it("stores neither the password nor the token", async () => {
    const ann = await people.person("viewer");
    const { rows } = await stage.database.truth.query<{ all: string }>(
      `SELECT concat((SELECT json_agg(o) FROM operators o), (SELECT json_agg(s) FROM operator_sessions s),
         (SELECT json_agg(a) FROM operator_acts a)) AS all`,
    );
    const stored = rows[0]?.all ?? "";
    expect(stored).toContain("$argon2id$v=19$m=64,t=1,p=1$");
    expect(stored).not.toContain(ann.password);
    const token = ann.cookie.split("=")[1] ?? "";
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(Buffer.from(token, "base64url").toString("hex"));
  });

  it("tells nobody whether an address is an operator's, is disabled, or has another password", async () => {
    const ann = await people.person("viewer");
    const gone = await people.person("viewer");
    await people.admin("PATCH", `/operators/${gone.id}`, { state: "disabled" });
    const wrong = await people.signIn(ann.email, newPassword());
    const others = [
      await people.signIn("nobody@shop.example", newPassword()),
      await people.signIn(gone.email, gone.password),
      await people.signIn(gone.email, newPassword()),
    ];
    expect(code(wrong)).toEqual([401, "SIGN_IN_FAILED"]);
    for (const other of others) {
      expect(other.body).toEqual(wrong.body);
      expect([...other.headers.keys()]).toEqual([...wrong.headers.keys()]);
      expect(other.headers.getSetCookie()).toEqual([]);
    }
    const left = await stage.database.truth.query("SELECT 1 FROM operator_sessions WHERE operator_id = $1", [
      gone.id,
    ]);
    expect(left.rowCount).toBe(0);
  });

  it("never takes a session that was there before: the token is new, and the old one is over", async () => {
    const ann = await people.person("viewer");
    const told = await people.signIn(ann.email, ann.password, { cookie: ann.cookie });
    const next = cookiesOf(told).get("dropgate_console");
    expect(next).not.toBe(ann.cookie);
    expect((await ofSession(ann.cookie)).status).toBe(401);
    const chosen = `dropgate_console=${"A".repeat(43)}`;
    const fixed = await people.signIn(ann.email, ann.password, { cookie: chosen });
    expect(cookiesOf(fixed).get("dropgate_console")).not.toBe(chosen);
    expect((await ofSession(chosen)).status).toBe(401);
  });

  it("from a page elsewhere is refused, also from those that shoppers may use", async () => {
    const ann = await people.person("viewer");
    const at = await stage.another({ ALLOWED_ORIGINS: "https://shop.example" });
    const from = (headers: Record<string, string>): Promise<Told> =>
      people.signIn(ann.email, ann.password, { at, headers });
    for (const origin of ["https://shop.example", "https://evil.example", "null", `${at.url}.evil.example`]) {
      expect(code(await from({ origin }))).toEqual([403, "ORIGIN_REFUSED"]);
    }
    for (const site of ["cross-site", "same-site", "none"]) {
      expect(code(await from({ "sec-fetch-site": site }))).toEqual([403, "ORIGIN_REFUSED"]);
    }
    expect((await from({ origin: at.url, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  it("keeps as many sessions as an operator may have, the newest", async () => {
    const ann = await people.person("viewer");
    for (let i = 0; i < 20; i++) await people.enter(ann);
    expect((await ofSession(ann.cookie)).status).toBe(401);
    const { rows } = await stage.database.truth.query<{ n: number }>(
      "SELECT count(*) AS n FROM operator_sessions WHERE operator_id = $1",
      [ann.id],
    );
    expect(rows[0]?.n).toBe(20);
  });

  it("by a password that costs otherwise than now stores it anew", async () => {
    const ann = await people.person("viewer");
    const at = await stage.another({ PASSWORD_COST: "96/2/1" });
    expect((await people.signIn(ann.email, ann.password, { at })).status).toBe(200);
    const { rows } = await stage.database.truth.query<{ hash: string }>(
      "SELECT password_hash AS hash FROM operators WHERE id = $1",
      [ann.id],
    );
    expect(rows[0]?.hash).toContain("$m=96,t=2,p=1$");
    expect((await people.signIn(ann.email, ann.password)).status).toBe(200);
  });
});

describe("a session", () => {
  it("ends when its operator signs out, and nobody else's does", async () => {
    const ann = await people.person("viewer");
    const other = await people.enter(ann);
    const told = await ann.call("DELETE", "/session");
    expect([told.status, told.headers.getSetCookie()[0]]).toEqual([
      204,
      "dropgate_console=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
    ]);
    expect((await ofSession(ann.cookie)).status).toBe(401);
    expect((await ofSession(other.cookie)).status).toBe(200);
  });

  it("ends everywhere when its operator says so, and nobody else's does", async () => {
    const [ann, bob] = [await people.person("viewer"), await people.person("viewer")];
    const other = await people.enter(ann);
    expect((await ann.call("DELETE", "/sessions")).body).toEqual({ ended: 2 });
    expect((await ofSession(ann.cookie)).status).toBe(401);
    expect((await ofSession(other.cookie)).status).toBe(401);
    expect((await ofSession(bob.cookie)).status).toBe(200);
  });

  it("ends unused after a while, and after longer however much it is used", async () => {
    const ann = await people.person("viewer");
    const age = (column: string, seconds: number): Promise<unknown> =>
      stage.database.truth.query(
        `UPDATE operator_sessions SET ${column} = clock_timestamp() - $2 * interval '1 second' WHERE operator_id = $1`,
        [ann.id, seconds],
      );
    await age("seen_at", 43_100);
    expect((await ofSession(ann.cookie)).status).toBe(200);
    // That look counts as use: it was seen now.
    const { rows } = await stage.database.truth.query<{ fresh: boolean }>(
      "SELECT seen_at > clock_timestamp() - interval '1 minute' AS fresh FROM operator_sessions WHERE operator_id = $1",
      [ann.id],
    );
    expect(rows).toEqual([{ fresh: true }]);
    await age("seen_at", 43_201);
    expect(code(await ofSession(ann.cookie))).toEqual([401, "UNAUTHENTICATED"]);
    await age("seen_at", 0);
    await age("opened_at", 604_700);
    expect((await ofSession(ann.cookie)).status).toBe(200);
    await age("opened_at", 604_801);
    expect((await ofSession(ann.cookie)).status).toBe(401);
    // Over for the calls that it opened too.
    expect((await ann.call("GET", "/sales")).status).toBe(401);
  });

  it("of an operator who is disabled ends at once on every gateway, and does not come back with them", async () => {
    const ann = await people.person("operator");
    const at = await stage.another();
    expect((await ann.call("GET", "/sales", { at })).status).toBe(200);
    await people.admin("PATCH", `/operators/${ann.id}`, { state: "disabled" });
    expect((await ann.call("GET", "/sales", { at })).status).toBe(401);
    expect((await ofSession(ann.cookie)).status).toBe(401);
    await people.admin("PATCH", `/operators/${ann.id}`, { state: "active" });
    expect((await ofSession(ann.cookie)).status).toBe(401);
    expect((await people.signIn(ann.email, ann.password)).status).toBe(200);
  });

  it("does not outlive its operator even where its row does", async () => {
    const ann = await people.person("operator");
    await stage.database.truth.query("UPDATE operators SET disabled_at = clock_timestamp() WHERE id = $1", [
      ann.id,
    ]);
    expect((await ofSession(ann.cookie)).status).toBe(401);
  });

  it("is not opened by an API key, and an API key that is bad is not passed over for it", async () => {
    const ann = await people.person("operator");
    expect(code(await stage.call("GET", SESSION, { bearer: BOOTSTRAP_KEY }))).toEqual([
      401,
      "UNAUTHENTICATED",
    ]);
    const told = await ann.call("GET", "/sales", { bearer: "not-a-key-of-ours" });
    expect(code(told)).toEqual([401, "UNAUTHENTICATED"]);
  });

  it("is not opened by any token that was not given", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.stringMatching(/^[\w-]{43}$/),
          fc.stringMatching(/^[!-+\--:<-~]{0,200}$/),
          fc.constantFrom("", "=", "; ;", "a".repeat(10_000)),
        ),
        async (token) => {
          expect((await ofSession(`dropgate_console=${token}`)).status).toBe(401);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("one's own password", () => {
  const change = (
    person: Awaited<ReturnType<OperatorStage["person"]>>,
    currentPassword: string,
    newPassword: string,
  ): Promise<Told> => person.call("POST", "/session/password", { body: { currentPassword, newPassword } });

  it("that somebody else has seen opens nothing until it is changed", async () => {
    const added = await people.add("admin");
    const ann = await people.enter(added);
    expect((await ofSession(ann.cookie)).body["mustChangePassword"]).toBe(true);
    for (const path of ["/sales", "/operators", "/operator-names"]) {
      expect(code(await ann.call("GET", path))).toEqual([403, "PASSWORD_CHANGE_REQUIRED"]);
    }
    const told = await change(ann, added.password, newPassword());
    expect([told.status, told.body["mustChangePassword"]]).toEqual([200, false]);
    const cookie = cookiesOf(told).get("dropgate_console") ?? "";
    expect((await stage.call("GET", "/api/v1/admin/sales", { cookie })).status).toBe(200);
  });

  it("changes only with the present one; then all sessions are over but the one that did it, which begins anew", async () => {
    const ann = await people.person("viewer");
    const other = await people.enter(ann);
    const next = newPassword();
    expect(code(await change(ann, "not the present one", next))).toEqual([401, "SIGN_IN_FAILED"]);
    expect((await ofSession(ann.cookie)).status).toBe(200);
    const told = await change(ann, ann.password, next);
    expect(told.status).toBe(200);
    for (const cookie of [ann.cookie, other.cookie]) expect((await ofSession(cookie)).status).toBe(401);
    expect((await ofSession(cookiesOf(told).get("dropgate_console") ?? "")).status).toBe(200);
    expect(told.body["csrfToken"]).not.toBe(ann.csrf);
    expect((await people.signIn(ann.email, ann.password)).status).toBe(401);
    expect((await people.signIn(ann.email, next)).status).toBe(200);
  });

  it("is refused where it will not do, with the reason", async () => {
    const ann = await people.person("viewer");
    for (const [text, why] of [
      ["too short", "At least 12"],
      ["passwordpassword", "attackers"],
      [ann.email, "known"],
      [ann.password, "the one you have"],
    ] as const) {
      const told = await change(ann, ann.password, text);
      expect(code(told)).toEqual([400, "PASSWORD_REFUSED"]);
      expect(told.body["errors"]).toEqual([
        { pointer: "/newPassword", detail: expect.stringContaining(why) },
      ]);
    }
  });

  it("is the same however its letters are composed", async () => {
    const ann = await people.person("viewer");
    const composed = `Zürich, Århus, Malmö ${"é".repeat(3)}`;
    expect((await change(ann, ann.password, composed.normalize("NFD"))).status).toBe(200);
    for (const form of ["NFC", "NFD"]) {
      expect((await people.signIn(ann.email, composed.normalize(form))).status).toBe(200);
    }
  });

  it.each([
    ["was reset", "password_hash = '$argon2id$another'"],
    ["was disabled", "disabled_at = clock_timestamp()"],
  ])(
    "opens nothing, and changes to nothing, once its owner %s while it was looked at",
    async (_what, change) => {
      const ann = await people.person("viewer");
      const { truth } = stage.database;
      let asked: Promise<Told[]> = Promise.resolve([]);
      await truth.transaction(async (tx) => {
        await tx.query(`UPDATE operators SET ${change} WHERE id = $1`, [ann.id]);
        // Both still see the row as it was, find the password right, and wait to write.
        const body = { currentPassword: ann.password, newPassword: newPassword() };
        asked = Promise.all([
          people.signIn(ann.email, ann.password),
          ann.call("POST", "/session/password", { body }),
        ]);
        await stage.until(async () => {
          const { rowCount } = await truth.query(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return rowCount === 2 ? true : null;
        });
      });
      expect((await asked).map(code)).toEqual([
        [401, "SIGN_IN_FAILED"],
        [401, "SIGN_IN_FAILED"],
      ]);
      const { rows } = await truth.query<{ hash: string }>(
        "SELECT password_hash AS hash FROM operators WHERE id = $1 AND must_change_password = false",
        [ann.id],
      );
      expect(rows).toHaveLength(1);
      if (change.startsWith("password_hash")) expect(rows[0]?.hash).toBe("$argon2id$another");
      else {
        await people.admin("PATCH", `/operators/${ann.id}`, { state: "active" });
        expect((await people.signIn(ann.email, ann.password)).status).toBe(200);
      }
    },
  );

  it("that was reset meanwhile is not overwritten by a change that began before", async () => {
    const ann = await people.person("viewer");
    const [changed] = await Promise.all([
      change(ann, ann.password, newPassword()),
      people.admin("POST", `/operators/${ann.id}/reset-password`, {}),
    ]);
    // Whichever came last, no session by another password is left.
    const { rows } = await stage.database.truth.query<{ must: boolean; sessions: number }>(
      `SELECT must_change_password AS must,
         (SELECT count(*) FROM operator_sessions s WHERE s.operator_id = o.id) AS sessions
       FROM operators o WHERE id = $1`,
      [ann.id],
    );
    expect(rows).toEqual([{ must: true, sessions: 0 }]);
    expect([200, 401]).toContain(changed.status);
  });
});

describe("what does not fit", () => {
  it.each([
    ["nothing", {}, ["/email", "/password"]],
    ["no address", { email: "ann", password: "x" }, ["/email"]],
    ["an address of 10 kB", { email: `${"a".repeat(10_000)}@b.example`, password: "x" }, ["/email"]],
    ["a password of 10 kB", { email: "a@b.example", password: "x".repeat(10_000) }, ["/password"]],
    ["half a character", { email: "a@b.example", password: "\ud800xxxxxxxxxxxxx" }, ["/password"]],
    ["a list", { email: ["a@b.example"], password: ["x"] }, ["/email", "/password"]],
    ["more", { email: "a@b.example", password: "x", role: "admin" }, ["/role"]],
  ])("%s is INVALID_REQUEST and says where", async (_what, body, pointers) => {
    const told = await stage.call("POST", SESSION, { body });
    expect(code(told)).toEqual([400, "INVALID_REQUEST"]);
    const errors = told.body["errors"] as { pointer: string }[];
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it("a body over the limit is refused before it is read", async () => {
    expect(code(await stage.call("POST", SESSION, { body: "x".repeat(70_000) }))).toEqual([
      413,
      "BODY_TOO_LARGE",
    ]);
  });
});
