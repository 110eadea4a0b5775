import { expect, test } from "vitest";
import { cookieFetch } from "./cookie-fetch.ts";
import { listen } from "./listening.ts";

test("outside of a browser the gateway's cookies come back to it, the newest of a name, without their rules", async () => {
  const server = await listen();
  const cookies = [["a=1; Path=/; HttpOnly", "b=2"], ["a=3; Max-Age=9"], []];
  server.answer(() => ({ headers: { "set-cookie": cookies.shift() ?? [] } }));
  const asks = cookieFetch();
  for (const path of ["/1", "/2", "/3"])
    await asks(`${server.url}${path}`, {
      method: "POST",
      headers: { authorization: "Bearer t" },
      body: "{}",
    });
  expect(server.calls.map(({ headers }) => headers.cookie)).toEqual([undefined, "a=1; b=2", "a=3; b=2"]);
  expect(server.calls[2]).toMatchObject({
    method: "POST",
    body: "{}",
    headers: { authorization: "Bearer t" },
  });
});

test("two shoppers of one process are two", async () => {
  const server = await listen();
  server.answer(({ path }) => ({ headers: path === "/ada" ? { "set-cookie": "who=ada" } : {} }));
  const [ada, bob] = [cookieFetch(), cookieFetch()];
  await ada(`${server.url}/ada`, {});
  await bob(`${server.url}/bob`, {});
  expect(server.calls.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});
