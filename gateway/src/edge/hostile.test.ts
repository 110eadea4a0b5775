// Hostile requests by raw sockets: what is cut, what is refused and with which word, and that the gateway
// still serves the next caller.

import { HEADER_BYTES_MAX } from "@dropgate/contracts/limits";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage } from "../stage.ts";

let stage: Stage;
/** Begun first, because it takes longest. */
let slow: ReturnType<Stage["raw"]>;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  slow = stage.raw([post("Content-Length: 30\r\nContent-Type: application/json\r\n", "{")], 10_000);
});
afterAll(() => stage.stop());

const HOST = "Host: x\r\n";
const post = (headers: string, body: string): string =>
  `POST /api/v1/sales/x/entries HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
const SMUGGLED = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;

describe("requests that two servers could read differently end without an answer", () => {
  const cases: Record<string, string> = {
    "two equal lengths": post("Content-Length: 2\r\nContent-Length: 2\r\n", `{}${SMUGGLED}`),
    "two different lengths": post("Content-Length: 2\r\nContent-Length: 60\r\n", `{}${SMUGGLED}`),
    "a length and an encoding": post(
      "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
      `2\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
    ),
    "an encoding that is not chunked": post(
      "Transfer-Encoding: gzip, chunked\r\n",
      `2\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
    ),
    "an encoding that only ends like it": post(
      "Transfer-Encoding: xchunked\r\n",
      `2\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
    ),
    "a length with letters": post("Content-Length: 2x\r\n", `{}${SMUGGLED}`),
    "a negative length": post("Content-Length: -2\r\n", `{}${SMUGGLED}`),
    "two hosts": `GET /healthz HTTP/1.1\r\n${HOST}Host: y\r\n\r\n${SMUGGLED}`,
  };
  for (const [name, request] of Object.entries(cases)) {
    it(name, async () => {
      expect(await stage.raw([request])).toEqual({ text: "", closed: true });
    });
  }
});

describe("requests that cannot be read say so or get nothing, and harm nobody", () => {
  it("two requests in one packet get two answers", async () => {
    const { text } = await stage.raw([SMUGGLED + SMUGGLED]);
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it("headers over the limit are HEADERS_TOO_LARGE, and the connection ends", async () => {
    const { text, closed } = await stage.raw([
      `GET /healthz HTTP/1.1\r\n${HOST}X-Long: ${"a".repeat(HEADER_BYTES_MAX)}\r\n\r\n`,
    ]);
    expect(text).toContain("431");
    expect(text).toContain("HEADERS_TOO_LARGE");
    expect(closed).toBe(true);
  });

  it("a header that must not be repeated is refused by its name", async () => {
    const { text } = await stage.raw([
      `GET /api/v1/sales HTTP/1.1\r\n${HOST}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n`,
    ]);
    expect(text).toContain("400 Bad Request");
    expect(text).toContain("authorization stands twice");
  });

  it("a body that says it is too large is refused before it is sent", async () => {
    const { text, closed } = await stage.raw([
      post("Content-Length: 65537\r\nContent-Type: application/json\r\n", ""),
    ]);
    expect(text).toContain("BODY_TOO_LARGE");
    expect(closed).toBe(true);
  });

  it("a body that turns out too large is refused as soon as it does", async () => {
    const chunk = `8000\r\n${"x".repeat(0x8000)}\r\n`;
    const { text, closed } = await stage.raw([
      post("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n", chunk),
      chunk,
      chunk,
    ]);
    expect(text).toContain("BODY_TOO_LARGE");
    expect(closed).toBe(true);
  });

  it("a chunked body within the limit is read", async () => {
    const { text } = await stage.raw([
      post("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n", "2\r\n"),
      "{}\r\n0\r\n\r\n",
    ]);
    expect(text).toContain("SALE_NOT_FOUND");
  });

  it("methods and addresses that are not there have their words", async () => {
    const told = await stage.call("PUT", "/api/v1/sales");
    expect([told.status, told.body["code"], told.headers.get("allow")]).toEqual([
      405,
      "METHOD_NOT_ALLOWED",
      "GET, HEAD, OPTIONS",
    ]);
    for (const path of [
      "/nothing",
      "/api/v1/",
      "/api/v1/sales/",
      "/api/v1/sales/x/entries/",
      "/assets/../package.json",
    ]) {
      const lost = await stage.call("GET", path);
      expect([lost.status, lost.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    }
  });

  it("HEAD is GET without its body", async () => {
    const { status, text, headers } = await stage.call("HEAD", "/healthz");
    expect([status, text, headers.get("content-length")]).toEqual([200, "", "11"]);
  });

  it("a peer that goes away in the middle leaves nothing behind", async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        stage.raw([post("Content-Length: 30\r\nContent-Type: application/json\r\n", "{")], 10),
      ),
    );
    await stage.until(async () => ((await stage.call("GET", "/healthz")).status === 200 ? true : null));
  });
});

describe("a body that is sent too slowly", () => {
  it("is cut within ten seconds", async () => {
    expect((await slow).closed).toBe(true);
  });
});
