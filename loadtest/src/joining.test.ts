import { afterEach, expect, test } from "vitest";
import { BUSY, ENTRY, goHome, shop } from "./scripted-shopper.ts";

afterEach(goHome);

test("a shopper that the shop vouches for joins without a cookie", async () => {
  const seen: (string | undefined)[] = [];
  const { journey } = await shop(
    {
      http: ({ method, cookie, authorization }) => {
        seen.push(method, cookie, authorization);
        return { status: 201, body: { ...ENTRY, token: "t" } };
      },
      connected: (opened) => opened.tell("outcome", { result: "closed" }),
    },
    {},
    { person: { kind: "jwt", jwt: "signed" } },
  );
  expect((await journey.ended).result).toBe("closed");
  expect(seen).toEqual(["POST", undefined, "Bearer signed"]);
});

test("a join that is told to come later comes later, with the cookie that a refusal set", async () => {
  const answers = [
    { status: 404, body: { code: "SALE_NOT_FOUND" } },
    { status: 401, body: { code: "UNAUTHENTICATED" }, cookie: "shopper=two" },
    { status: 503, body: { ...BUSY, retryAfterMs: 4_000 } },
    { status: 409, body: { code: "SALE_NOT_OPEN" } },
  ];
  const refused = await shop({ http: () => answers[0] ?? { status: 500, body: {} } });
  expect(await refused.journey.ended).toMatchObject({
    result: "refused",
    refusal: "SALE_NOT_FOUND",
    state: null,
  });

  const { journey, events, waits } = await shop({
    http: ({ method, number }) =>
      method === "GET"
        ? { status: 200, body: {} }
        : (answers[number - 1] ?? { status: 200, body: { ...ENTRY, token: "t" } }),
    connected: (opened) => opened.tell("outcome", { result: "sold_out" }),
  });
  expect((await journey.ended).result).toBe("sold_out");
  const codes = events.flatMap((event) => (event.kind === "refused" ? [event.code] : []));
  expect(codes).toEqual(["UNAUTHENTICATED", "BUSY", "SALE_NOT_OPEN"]);
  const asked = waits.find((ms) => ms >= 4_000 && ms <= 5_000);
  expect(asked, "what retryAfterMs asked for, a quarter more at most").toBeDefined();
});
