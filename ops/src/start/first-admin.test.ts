// The first admin is asked for once, and only where nobody is.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { operatorCreateSchema } from "@dropgate/contracts/operators";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureFirstAdmin, FIRST_ADMIN_EMAIL } from "./first-admin.ts";

let server: Server;
let operators: object[];
let answer: { status: number; body: object };
let asked: unknown[];
const operator = {
  id: "op_1",
  email: FIRST_ADMIN_EMAIL,
  name: "First admin",
  role: "admin",
  state: "active",
  mustChangePassword: true,
  initialPasswordUntil: "2026-03-04T12:00:00.000Z",
  createdBy: "operator:bootstrap",
  createdAt: "2026-03-01T12:00:00.000Z",
  lastSignInAt: null,
};

/** Stands for a gateway: answers as the contract says, and remembers what it was asked to add. */
beforeEach(async () => {
  operators = [];
  asked = [];
  answer = { status: 201, body: { operator, initialPassword: "abcde-fghjk" } };
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const isList = request.method === "GET";
      if (!isList) asked.push(JSON.parse(Buffer.concat(parts).toString()));
      response.statusCode = isList ? 200 : answer.status;
      response.end(JSON.stringify(isList ? { items: operators, nextCursor: null } : answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const UNTIL = operator.initialPasswordUntil;
const ensure = (now = Date.parse(operator.createdAt)): ReturnType<typeof ensureFirstAdmin> =>
  ensureFirstAdmin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "a-key", now);

test("where nobody may sign in an admin is made, and what is asked for is what the contract takes", async () => {
  expect(await ensure()).toEqual({ email: FIRST_ADMIN_EMAIL, password: "abcde-fghjk", until: UNTIL });
  expect(asked.map((body) => operatorCreateSchema.parse(body).role)).toEqual(["admin"]);
});

test("where somebody may, even if they are disabled, nobody is made", async () => {
  operators = [{ ...operator, state: "disabled" }];
  expect(await ensure()).toBeNull();
  expect(asked).toEqual([]);
});

test("where nobody came before the first password lapsed, and nobody else may sign in, that is said", async () => {
  operators = [operator];
  const [before, after] = [Date.parse(UNTIL) - 1, Date.parse(UNTIL)];
  expect(await ensure(before)).toBeNull();
  expect(await ensure(after)).toEqual({ email: FIRST_ADMIN_EMAIL, password: null, until: UNTIL });
  operators = [operator, { ...operator, id: "op_2" }];
  expect(await ensure(after)).toBeNull();
  operators = [{ ...operator, mustChangePassword: false, initialPasswordUntil: null }];
  expect(await ensure(after)).toBeNull();
  expect(asked).toEqual([]);
});

test("where another start was quicker, that one shows the password", async () => {
  answer = { status: 409, body: {} };
  expect(await ensure()).toBeNull();
});

test("what the gateway refuses otherwise is told in its words", async () => {
  answer = { status: 503, body: { code: "BUSY" } };
  await expect(ensure()).rejects.toThrow("503");
});
