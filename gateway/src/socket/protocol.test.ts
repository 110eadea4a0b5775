// The public test suites of the Socket.IO protocol (revision 5) and the Engine.IO protocol (revision 4), case by
// case, for a server that speaks WebSocket, text packets and the default namespace. They take a URL: PROTOCOL_URL
// (`http://127.0.0.1:3000`) tests any server with the fixture's behaviour and times; without it ours is started.
//
// Cases of the suites that do not apply, and what stands in for them:
// - HTTP long-polling (handshake, heartbeat, close, payloads, duplicate or cancelled polls): there is no polling;
//   such requests get Engine.IO's 400, which is tested here.
// - upgrade from polling to WebSocket, and requests with the session id of an upgraded session: no session exists
//   that could be upgraded; an unknown session id is refused, which is tested here.
// - binary frames and binary attachments (types 5 and 6): refused by contract; hostile.test.ts has them.
// - custom namespaces (connect, connect with a payload, disconnect): only "/" exists; any other is invalid.
// - Engine.IO's echo of "4hello": the suite runs it against bare Engine.IO; here messages are Socket.IO packets.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, startFixture } from "./fixture.ts";
import { openConnected, openEngine, RawWebSocket, UpgradeRefused } from "./raw-websocket.ts";

let url = process.env["PROTOCOL_URL"] ?? "";
let fixture: Fixture | undefined;

beforeAll(async () => {
  if (url !== "") return;
  fixture = await startFixture(0);
  url = `http://127.0.0.1:${fixture.port}`;
});

afterAll(() => fixture?.stop());

/** Opens with any query and does not read the handshake. */
const open = (query: string, answersPings = true) =>
  RawWebSocket.open(`${url}/socket.io/?${query}`, { answersPings });

const WEBSOCKET = "EIO=4&transport=websocket";

describe("Engine.IO handshake", () => {
  it("opens a session over WebSocket", async () => {
    const socket = await open(WEBSOCKET);
    const text = await socket.next();
    expect(text[0]).toBe("0");
    const handshake: unknown = JSON.parse(text.slice(1));
    expect(handshake).toEqual({
      sid: expect.any(String),
      upgrades: [],
      pingInterval: 300,
      pingTimeout: 200,
      maxPayload: 1_000_000,
    });
    socket.destroy();
  });

  it("opens a session when the query has more parameters", async () => {
    const socket = await open(`${WEBSOCKET}&t=Pabc123&shop=one%20two`);
    expect(await socket.next()).toMatch(/^0\{"sid":/);
    socket.destroy();
  });

  it("gives every session its own id", async () => {
    const [one, two] = await Promise.all([open(WEBSOCKET), open(WEBSOCKET)]);
    expect(await one.next()).not.toBe(await two.next());
    one.destroy();
    two.destroy();
  });

  it.each([
    ["no EIO", "transport=websocket", 5],
    ["an EIO that is no number", "EIO=abc&transport=websocket", 5],
    ["the EIO of an older protocol", "EIO=3&transport=websocket", 5],
    ["no transport", "EIO=4", 0],
    ["an unknown transport", "EIO=4&transport=abc", 0],
    ["a session id", `${WEBSOCKET}&sid=abc`, 1],
  ])("refuses an upgrade with %s", async (_, query, code) => {
    const refused = await open(query).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UpgradeRefused);
    expect(refused).toMatchObject({ status: 400, body: expect.stringContaining(`"code":${code}`) });
  });

  it.each([
    ["a polling handshake", "get", "EIO=4&transport=polling", 0],
    ["polling without an EIO", "get", "transport=polling", 0],
    ["no transport", "get", "EIO=4", 0],
    ["an unknown transport", "get", "EIO=4&transport=abc", 0],
    ["a polling session", "get", "EIO=4&transport=polling&sid=abc", 0],
    ["a post", "post", "EIO=4&transport=polling", 0],
    ["a put", "put", "EIO=4&transport=polling", 0],
    ["a post that names the WebSocket transport", "post", WEBSOCKET, 2],
    ["the WebSocket transport without an upgrade", "get", WEBSOCKET, 3],
  ])("answers %s with 400 and Engine.IO's error", async (_, method, query, code) => {
    const response = await fetch(`${url}/socket.io/?${query}`, { method });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ code, message: expect.any(String) });
  });
});

describe("Engine.IO heartbeat", () => {
  it("pings again and again, and keeps whoever answers", async () => {
    const socket = await openConnected(url, { answersPings: false });
    for (let i = 0; i < 3; i++) {
      expect(await socket.next()).toBe("2");
      socket.send("3");
    }
    socket.destroy();
  });

  it("closes a session that does not answer its ping", async () => {
    const socket = await openConnected(url, { answersPings: false });
    await socket.closed;
    expect(await socket.rest()).toEqual(["2"]);
  });
});

describe("Engine.IO close and message", () => {
  it("ends the session when the client says close", async () => {
    const socket = await openEngine(url);
    socket.send("1");
    expect(await socket.closed).toMatchObject({ code: 1000 });
  });

  it("closes the session upon an invalid packet", async () => {
    const socket = await openEngine(url);
    socket.send("abc");
    await socket.closed;
  });
});

describe("Socket.IO connect", () => {
  it.each([
    ["without a payload", "40", "{}"],
    ["with a payload", '40{"token":"123"}', '{"token":"123"}'],
    ["when it is named", '40/,{"token":"123"}', '{"token":"123"}'],
  ])("lets a client into the default namespace %s", async (_, packet, auth) => {
    const socket = await openEngine(url);
    socket.send(packet);
    const connected = await socket.next();
    expect(connected.slice(0, 2)).toBe("40");
    expect(JSON.parse(connected.slice(2))).toEqual({ sid: expect.any(String) });
    expect(await socket.next()).toBe(`42["auth",${auth}]`);
    socket.destroy();
  });

  it("names another id than Engine.IO's", async () => {
    const socket = await open(WEBSOCKET);
    const engine = await socket.next();
    socket.send("40");
    expect(engine).not.toContain((await socket.next()).slice(2, -1));
    socket.destroy();
  });

  it.each([
    ["40/random", '44/random,{"message":"Invalid namespace"}'],
    ["40/random,", '44/random,{"message":"Invalid namespace"}'],
    ['40/custom,{"token":"abc"}', '44/custom,{"message":"Invalid namespace"}'],
  ])("refuses an unknown namespace: %s", async (packet, refusal) => {
    const socket = await openEngine(url);
    socket.send(packet);
    expect(await socket.next()).toBe(refusal);
    socket.send("40"); // and the default one is still open to it
    expect(await socket.next()).toMatch(/^40\{"sid":/);
    socket.destroy();
  });

  it.each(["4abc", "4", '40"text"', "40[]", "40null", "401", "40{", "40{}{}"])(
    "closes upon an invalid connect: %s",
    async (packet) => {
      const socket = await openEngine(url);
      socket.send(packet);
      await socket.closed;
      expect(await socket.rest()).toEqual([]);
    },
  );

  it("closes a client that never connects, even if it answers pings", async () => {
    const socket = await openEngine(url);
    expect(await socket.closed).toEqual({ code: 1008, reason: "connect timeout" });
  });

  it("closes upon a second connect to the same namespace", async () => {
    const socket = await openConnected(url);
    socket.send("40");
    await socket.closed;
  });

  it("closes upon an event before the connect", async () => {
    const socket = await openEngine(url);
    socket.send('42["message",1]');
    await socket.closed;
    expect(await socket.rest()).toEqual([]);
  });
});

describe("Socket.IO disconnect", () => {
  it("leaves the namespace and keeps the connection alive", async () => {
    const socket = await openConnected(url, { answersPings: false });
    socket.send("41");
    expect(await socket.next()).toBe("2");
    socket.destroy();
  });

  it("lets the client connect again on the same connection", async () => {
    const socket = await openConnected(url);
    socket.send("41");
    socket.send('40{"again":true}');
    expect(await socket.next()).toMatch(/^40\{"sid":/);
    expect(await socket.next()).toBe('42["auth",{"again":true}]');
    socket.destroy();
  });

  it("closes upon an event after the disconnect", async () => {
    const socket = await openConnected(url);
    socket.send("41");
    socket.send('42["message",1]');
    await socket.closed;
    expect(await socket.rest()).toEqual([]);
  });

  it("closes a client that left and does not come back", async () => {
    const socket = await openConnected(url);
    socket.send("41");
    expect(await socket.closed).toEqual({ code: 1008, reason: "connect timeout" });
  });

  it("closes upon a disconnect from a namespace it was never in", async () => {
    const socket = await openConnected(url);
    socket.send("41/custom");
    await socket.closed;
  });
});

describe("Socket.IO message", () => {
  it.each([
    ['42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
    ['42/,["message","named"]', '42["message-back","named"]'],
    ['42["message"]', '42["message-back"]'],
    ['42["message","\u2028 ünï 🎟 \\u0000"]', '42["message-back","\u2028 ünï 🎟 \\u0000"]'],
    ['42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'],
    ['420["message-with-ack"]', "430[]"],
    ['42/,7["message-with-ack",null]', "437[null]"],
  ])("answers %s", async (packet, reply) => {
    const socket = await openConnected(url);
    socket.send(packet);
    expect(await socket.next()).toBe(reply);
    socket.destroy();
  });

  it("keeps the order of what it is sent", async () => {
    const socket = await openConnected(url);
    for (let i = 0; i < 50; i++) socket.send(`42["message",${i}]`);
    for (let i = 0; i < 50; i++) expect(await socket.next()).toBe(`42["message-back",${i}]`);
    socket.destroy();
  });

  it("puts a message together that came in fragments", async () => {
    const socket = await openConnected(url);
    socket.sendFrame(1, Buffer.from('42["mess'), false);
    socket.sendFrame(0, Buffer.from('age",'), false);
    socket.sendFrame(0, Buffer.from("5]"));
    expect(await socket.next()).toBe('42["message-back",5]');
    socket.destroy();
  });

  it("ignores an event nobody listens to, and an acknowledgement nobody asked for", async () => {
    const socket = await openConnected(url);
    socket.send('42["nobody",1]');
    socket.send("42[17]");
    socket.send('4399["late"]');
    socket.send('42["message","here"]');
    expect(await socket.next()).toBe('42["message-back","here"]');
    socket.destroy();
  });

  it.each([
    ["an unknown packet type", "4abc"],
    ["a payload that is no array", "42{}"],
    ["an acknowledgement id that is no number", '42abc["message-with-ack",1,"2",{"3":[false]}]'],
  ])("closes upon %s", async (_, packet) => {
    const socket = await openConnected(url);
    socket.send(packet);
    await socket.closed;
    expect(await socket.rest()).toEqual([]);
  });
});
