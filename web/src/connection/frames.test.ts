// What the page reads and writes, against the stock parsers: what they write is read, what is written they read alike.
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askFrame, connectFrame, PONG, readFrame } from "./frames.ts";

interface Packet {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
}
const client = createRequire(createRequire(import.meta.url).resolve("socket.io-client"));
const stock = client("socket.io-parser") as {
  Encoder: new () => { encode(packet: Packet): string[] };
  Decoder: new () => {
    on(event: "decoded", listener: (packet: Packet) => void): void;
    add(text: string): void;
  };
};

const [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR] = [0, 1, 2, 3, 4] as const;

/** As the server sends it. */
function sent(packet: Omit<Packet, "nsp">): string {
  return `4${new stock.Encoder().encode({ nsp: "/", ...packet })[0]}`;
}

/** As the server reads it. */
function read(text: string): Packet | undefined {
  let heard: Packet | undefined;
  const decoder = new stock.Decoder();
  decoder.on("decoded", (packet) => {
    heard = packet;
  });
  decoder.add(text.slice(1));
  return heard;
}

describe("frames", () => {
  test("with events are read, whatever they carry", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, payload) => {
        const heard = JSON.parse(JSON.stringify(payload)) as unknown;
        expect(readFrame(sent({ type: EVENT, data: [name, payload] }))).toEqual({
          kind: "event",
          name,
          payload: heard,
        });
      }),
    );
  });

  test("with answers are read under their number", () => {
    fc.assert(
      fc.property(fc.nat(), fc.jsonValue(), (id, value) => {
        const heard = JSON.parse(JSON.stringify(value)) as unknown;
        expect(readFrame(sent({ type: ACK, id, data: [value] }))).toEqual({
          kind: "answer",
          id,
          value: heard,
        });
      }),
    );
  });

  test("of the opening and the end are told apart", () => {
    const handshake = { sid: "a", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000 };
    expect(readFrame(`0${JSON.stringify(handshake)}`)).toEqual({ kind: "open", silentMs: 45_000 });
    expect(readFrame("2")).toEqual({ kind: "ping" });
    expect(readFrame("1")).toEqual({ kind: "end" });
    expect(readFrame(sent({ type: CONNECT, data: { sid: "a" } }))).toEqual({ kind: "connected" });
    expect(readFrame(sent({ type: DISCONNECT }))).toEqual({ kind: "end" });
    expect(readFrame(sent({ type: CONNECT_ERROR, data: { message: "no" } }))).toEqual({ kind: "refused" });
  });

  test("that we write are read as they were meant", () => {
    expect(PONG).toBe("3");
    expect(read(connectFrame({ token: "t" }))).toMatchObject({
      type: CONNECT,
      nsp: "/",
      data: { token: "t" },
    });
    expect(read(askFrame(7, "claim", { holdId: "h" }))).toMatchObject({
      type: EVENT,
      id: 7,
      data: ["claim", { holdId: "h" }],
    });
  });

  test.each(["", "x", "4", "42", "42{}", "42[1]", "42[", "43[1]", "0", "0[", "451-[]", "6", "3", "9"])(
    "that are none of ours (%j) are nothing",
    (text) => {
      expect(readFrame(text)).toEqual({ kind: "other" });
    },
  );
});
