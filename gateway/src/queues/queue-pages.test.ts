// Bull's view of the queues from outside: an admin's only, and changed only by the console's own page.
import { QUEUE_PREFIX, SALE_LIFECYCLE_QUEUE } from "@dropgate/contracts/queues";
import { Queue } from "bullmq";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { OperatorStage, type Person } from "../operators/operator-stage.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type StageRequest, type Told } from "../stage.ts";

let stage: Stage;
let admin: Person;
let viewer: Person;
let queue: Queue;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  const people = new OperatorStage(stage);
  [admin, viewer] = await Promise.all([people.person("admin"), people.person("viewer")]);
  queue = new Queue(SALE_LIFECYCLE_QUEUE, { connection: stage.redis, prefix: QUEUE_PREFIX });
});
afterAll(async () => {
  await queue.close();
  await stage.stop();
});

const open = (path = "", request: StageRequest = {}): Promise<Told> =>
  stage.call("GET", `/console/queues${path}`, request);

it("who is not signed in, or is no admin, is told so in words and sees nothing", async () => {
  const nobody = await open();
  expect([nobody.status, nobody.text]).toEqual([401, expect.stringContaining("Sign in to the console")]);
  const seen = await open("", { cookie: viewer.cookie });
  expect([seen.status, seen.text]).toEqual([403, expect.stringContaining("only an admin may")]);
  for (const path of ["/api/queues", "/static/images/logo.svg", "/csrf.js"]) {
    expect([(await open(path)).status, (await open(path, { cookie: viewer.cookie })).status]).toEqual([
      401, 403,
    ]);
  }
  // It has no API keys: a browser opens it.
  expect((await open("/api/queues", { bearer: BOOTSTRAP_KEY })).status).toBe(401);
});

it("an admin gets the page and its own files, and nothing of it comes from elsewhere", async () => {
  const page = await open("", { cookie: admin.cookie });
  expect(page.status).toBe(200);
  expect(page.text).toContain(`<meta name="csrf-token" content="${admin.csrf}">`);
  expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
  const files = [...page.text.matchAll(/(?:src|href)="((?:static\/|csrf)[^"]+)"/g)].map(
    ([, path]) => `/${path}`,
  );
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const path of files)
    expect([path, (await open(path, { cookie: admin.cookie })).status]).toEqual([path, 200]);
  expect((await open("/queue/sale-lifecycle", { cookie: admin.cookie })).status).toBe(200);
  expect((await open("/static/../index.ejs", { cookie: admin.cookie })).status).toBe(404);
  expect((await open("/nowhere/to/be/found", { cookie: admin.cookie })).status).toBe(404);
});

it("a job is seen, and removed by the session's own page only; who did it is remembered", async () => {
  const jobId = `of-the-test-${Date.now()}`;
  await queue.add("close", { saleId: "none", atMs: 0 }, { jobId, delay: 3_600_000 });
  const listed = await open("/api/queues?activeQueue=sale-lifecycle&status=delayed&jobsPerPage=100", {
    cookie: admin.cookie,
  });
  expect(listed.status).toBe(200);
  expect(listed.text).toContain(jobId);
  expect((await open("/api/redis/stats", { cookie: admin.cookie })).status).toBe(200);

  const path = `/console/queues/api/queues/${SALE_LIFECYCLE_QUEUE}/${jobId}/clean`;
  const remove = (headers: Record<string, string>, cookie = admin.cookie): Promise<Told> =>
    stage.call("PUT", path, { cookie, headers });
  const csrf = { "x-csrf-token": admin.csrf };
  expect((await remove({})).body["code"]).toBe("CSRF_TOKEN_INVALID");
  expect((await remove({ "x-csrf-token": viewer.csrf })).body["code"]).toBe("CSRF_TOKEN_INVALID");
  expect((await remove({ ...csrf, origin: "http://evil.example" })).body["code"]).toBe("ORIGIN_REFUSED");
  expect((await remove({ ...csrf, "sec-fetch-site": "same-site" })).body["code"]).toBe("ORIGIN_REFUSED");
  const asViewer = await remove({ "x-csrf-token": viewer.csrf }, viewer.cookie);
  expect(asViewer.body["code"]).toBe("FORBIDDEN");
  expect(await queue.getJob(jobId)).toBeDefined();

  expect((await remove(csrf)).status).toBe(204);
  expect(await queue.getJob(jobId)).toBeUndefined();
  const { body } = await admin.call("GET", `/settings-acts?subject=queue%20${SALE_LIFECYCLE_QUEUE}`);
  expect(body["items"]).toMatchObject([
    { act: "queues.changed", actor: `operator:${admin.id}`, data: { method: "PUT" } },
  ]);
});
