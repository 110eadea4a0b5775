// What a hostile client may send: each closes the socket it came on, and a bystander goes on getting answers.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, startFixture } from "./fixture.ts";
import { openConnected, openEngine, RawWebSocket } from "./raw-websocket.ts";

let fixture: Fixture;
let url: string;
let bystander: RawWebSocket;

beforeAll(async () => {
  fixture = await startFixture(0);
  url = `http://127.0.0.1:${fixture.port}`;
  bystander = await openConnected(url);
});

afterAll(async () => {
  bystander.destroy();
  await fixture.stop();
});

let asked = 0;
async function expectBystanderUnharmed(): Promise<void> {
  asked++;
  bystander.send(`42${asked}["message-with-ack",${asked}]`);
  expect(await bystander.next()).toBe(`43${asked}[${asked}]`);
}

const deep = (depth: number) => `42["message",${"[".repeat(depth)}${"]".repeat(depth)}]`;

const HOSTILE_TEXT: [string, string][] = [
  ["nothing", ""],
  ["an engine open packet", "0{}"],
  ["an engine ping", "2"],
  ["a probe", "2probe"],
  ["an engine upgrade", "5"],
  ["an unknown engine packet", "9"],
  ["an empty message", "4"],
  ["an unknown packet type", "47[]"],
  ["a binary event", '451-["message",{"_placeholder":true,"num":0}]'],
  ["a binary acknowledgement", '461-7[{"_placeholder":true,"num":0}]'],
  ["bad JSON", '42["message",'],
  ["JSON with an end that is no JSON", '42["message"]]'],
  ["an event that is an object", '42{"0":"message","length":1}'],
  ["an event that is a string", '42"message"'],
  ["an event without payload", "42"],
  ["an event without a name", "42[]"],
  ["an event named by an object", '42[{"toString":"message"}]'],
  ["an event named by null", "42[null]"],
  ["an event named by a boolean", "42[true]"],
  ["an event named by infinity", "42[1e999]"],
  ["the event connect", '42["connect"]'],
  ["the event connect_error", '42["connect_error",{}]'],
  ["the event disconnect", '42["disconnect","x"]'],
  ["the event disconnecting", '42["disconnecting"]'],
  ["the event newListener", '42["newListener","x"]'],
  ["the event removeListener", '42["removeListener"]'],
  ["a reserved event, escaped", '42["\\u0064isconnect"]'],
  ["an endless acknowledgement id", `42${"9".repeat(400)}["message-with-ack"]`],
  ["a negative acknowledgement id", '42-1["message-with-ack"]'],
  ["an acknowledgement that is no array", '431{"a":1}'],
  ["a connect error", '44{"message":"no"}'],
  ["an event in another namespace", '42/admin,["message"]'],
  ["a connect to a namespace with markup", '40/"><img src=x>,'],
  ["a connect to an endless namespace", `40/${"a".repeat(100_000)},`],
  ["a second connect", '40{"__proto__":{"admin":true}}'],
  ["nesting just over the limit", deep(32)],
  ["nesting 100,000 deep", deep(100_000)],
  ["objects nested 100,000 deep and never closed", `42["message",${'{"a":'.repeat(100_000)}`],
];

describe("a hostile frame closes only its own socket", () => {
  it.each(HOSTILE_TEXT)("%s", async (_, text) => {
    const socket = await openConnected(url);
    socket.send(text);
    expect(await socket.closed).toMatchObject({ code: 1002 });
    expect(await socket.rest()).toEqual([]); // nothing of it came back
    await expectBystanderUnharmed();
  });

  it("a binary frame", async () => {
    const socket = await openConnected(url);
    socket.sendFrame(2, Buffer.from('42["message"]'));
    expect(await socket.closed).toEqual({ code: 1003, reason: "binary frame" });
    await expectBystanderUnharmed();
  });

  it("a binary frame before the connect", async () => {
    const socket = await openEngine(url);
    socket.sendFrame(2, Buffer.from([4, 0]));
    expect(await socket.closed).toMatchObject({ code: 1003 });
    await expectBystanderUnharmed();
  });

  it("text that is not UTF-8", async () => {
    const socket = await openConnected(url);
    socket.sendFrame(1, Buffer.from([0x34, 0x32, 0xff, 0xfe]));
    await socket.closed;
    await expectBystanderUnharmed();
  });

  it("an unknown opcode", async () => {
    const socket = await openConnected(url);
    socket.sendFrame(5, Buffer.from("x"));
    await socket.closed;
    await expectBystanderUnharmed();
  });

  it("a frame over the size limit", async () => {
    const socket = await openConnected(url);
    socket.sendFrame(1, Buffer.from(`42["message","${"x".repeat(1_000_000)}"]`));
    await socket.closed;
    await expectBystanderUnharmed();
  });

  it("fragments that together are over the size limit", async () => {
    const socket = await openConnected(url);
    socket.sendFrame(1, Buffer.from('42["message","'), false);
    for (let i = 0; i < 11; i++) socket.sendFrame(0, Buffer.alloc(100_000, 0x78), false);
    await socket.closed;
    await expectBystanderUnharmed();
  });

  it("a message whose end never comes, by the heartbeat", async () => {
    const socket = await openConnected(url, { answersPings: false });
    socket.sendFrame(1, Buffer.from("42["), false);
    await socket.closed;
    await expectBystanderUnharmed();
  });

  it("a hundred of them at once", async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openConnected(url)));
    for (const [i, socket] of sockets.entries())
      socket.send(HOSTILE_TEXT[i % HOSTILE_TEXT.length]?.[1] ?? "");
    await Promise.all(sockets.map((socket) => socket.closed));
    await expectBystanderUnharmed();
    expect(fixture.server.size).toBe(1);
  });
});

describe("an honest frame that looks hostile", () => {
  it("a key called __proto__ changes nobody's prototype", async () => {
    const socket = await openConnected(url);
    socket.send('42["message",{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]');
    expect(await socket.next()).toMatch(/^42\["message-back"/);
    expect({}).not.toHaveProperty("polluted");
    socket.destroy();
    await expectBystanderUnharmed();
  });

  it("a large frame within the limit is answered", async () => {
    const socket = await openConnected(url);
    const text = "x".repeat(900_000);
    socket.send(`42["message","${text}"]`);
    expect(await socket.next()).toBe(`42["message-back","${text}"]`);
    socket.destroy();
  });

  it("brackets within strings are not nesting", async () => {
    const socket = await openConnected(url);
    socket.send(`42["message","${"[".repeat(1_000)}"]`);
    expect(await socket.next()).toBe(`42["message-back","${"[".repeat(1_000)}"]`);
    socket.destroy();
  });
});
