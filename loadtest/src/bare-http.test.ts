import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { BareHttp } from "./bare-http.ts";

const servers: Server[] = [];
const https: BareHttp[] = [];
afterEach(async () => {
  for (const http of https.splice(0)) http.close();
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, "close");
  }
});

/** A server that answers each request as the test says, in pieces of a few bytes. */
async function serve(answer: (request: string, socket: Socket) => string | null, connectionsMax = 2) {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const text = answer(bytes.toString(), socket) ?? "";
      for (let at = 0; at < text.length; at += 7) socket.write(text.slice(at, at + 7));
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = new URL(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/a?b=c`);
  const http = new BareHttp(url, { connectionsMax, answerMsMax: 300 });
  https.push(http);
  const ask = (body?: string) =>
    http.ask(url, { method: "POST", headers: { "x-one": "1" }, ...(body !== undefined && { body }) });
  return { ask, connections: () => connections };
}

test("an answer is whole however it is cut, and connections are kept", async () => {
  const seen: string[] = [];
  const { ask, connections } = await serve((request) => {
    seen.push(request);
    return "HTTP/1.1 201 Created\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 6\r\n\r\ngrüß!";
  });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask("ü")));
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(5).fill("grüß"));
  expect(answers[0]?.status).toBe(201);
  expect(answers[0]?.headers.get("SET-cookie")).toBe("a=1, b=2");
  expect(answers[0]?.headers.get("location")).toBeNull();
  expect(connections()).toBe(2);
  expect(seen[0]).toMatch(
    /^POST \/a\?b=c HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nx-one: 1\r\ncontent-length: 2\r\n\r\nü$/,
  );
});

test("chunks are put together", async () => {
  const { ask } = await serve(
    () => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
  );
  expect(await (await ask()).text()).toBe("abc0123456789");
});

test("no answer in time, and a connection that breaks, are rejections; the next call has a new connection", async () => {
  let asked = 0;
  const { ask, connections } = await serve((_, socket) => {
    asked++;
    if (asked === 1) return null;
    if (asked === 2) socket.destroy();
    return asked === 2 ? null : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  }, 1);
  const three = [ask(), ask(), ask()];
  expect((await Promise.allSettled(three)).map(({ status }) => status)).toEqual([
    "rejected",
    "rejected",
    "fulfilled",
  ]);
  expect((await ask()).status).toBe(200);
  expect(connections()).toBe(4);
});
