// The stand-ins for the stock parsers against the stock parsers: for text they must be the same.
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePacket, encodePacket } from "./engine-packets.ts";
import { Decoder, Encoder, PacketType, type SocketPacket } from "./socket-packets.ts";

const client = createRequire(createRequire(import.meta.url).resolve("socket.io-client"));
const engine = client("engine.io-client/package.json") && createRequire(client.resolve("engine.io-client"));
const stockSockets = client("socket.io-parser") as {
  Encoder: new () => { encode(packet: SocketPacket): unknown[] };
  Decoder: new () => Decoder;
};
const stockEngine = engine("engine.io-parser") as {
  encodePacket: typeof encodePacket;
  decodePacket: (text: unknown) => unknown;
};

const packets = fc.oneof(
  fc.record({
    type: fc.constant(PacketType.CONNECT),
    nsp: fc.constant("/"),
    data: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.record({
    type: fc.constantFrom(PacketType.EVENT, PacketType.ACK),
    nsp: fc.constantFrom("/", "/room"),
    id: fc.nat(),
    data: fc.tuple(fc.constantFrom("claim", "leave"), fc.jsonValue()),
  }),
  fc.record({ type: fc.constant(PacketType.DISCONNECT), nsp: fc.constant("/") }),
  fc.record({
    type: fc.constant(PacketType.CONNECT_ERROR),
    nsp: fc.constant("/"),
    data: fc.record({ message: fc.string() }),
  }),
);

function decoded(decoder: Decoder, text: string): SocketPacket | "refused" {
  let heard: SocketPacket | "refused" = "refused";
  decoder.on("decoded", (packet) => {
    heard = packet;
  });
  try {
    decoder.add(text);
  } catch {
    return "refused";
  }
  return heard;
}

describe("Socket.IO packets of text", () => {
  test("are written as the stock encoder writes them", () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(new Encoder().encode(packet)).toEqual(new stockSockets.Encoder().encode(packet));
      }),
    );
  });

  test("are read as the stock decoder reads them", () => {
    fc.assert(
      fc.property(packets, (packet) => {
        const [text] = new Encoder().encode(packet);
        expect(decoded(new Decoder(), text)).toEqual(decoded(new stockSockets.Decoder(), text));
      }),
    );
  });

  test.each(["", "7", "51-[]", '2{"a":1}', "2", "2[1", "4", "0[]", "1{}", "3{}", "x"])(
    "%j is no packet",
    (text) => {
      expect(decoded(new Decoder(), text)).toBe("refused");
    },
  );
});

describe("Engine.IO packets of text", () => {
  test.each(["0{}", "1", "2", "2probe", "3", "40", '42["a"]', "6", "", "9", "x", "-1"])(
    "%j is read as by the stock parser",
    (text) => {
      expect(decodePacket(text)).toEqual(stockEngine.decodePacket(text));
    },
  );

  test.each(["open", "close", "ping", "pong", "message", "noop"])(
    "%s is written as by the stock parser",
    (type) => {
      for (const data of [undefined, "40"]) {
        let ours = "";
        let stock = "";
        encodePacket({ type, data }, true, (text) => {
          ours = text;
        });
        stockEngine.encodePacket({ type, data }, true, (text) => {
          stock = text;
        });
        expect(ours).toBe(stock);
      }
    },
  );

  test("binary is refused", () => {
    expect(decodePacket(new ArrayBuffer(4))).toMatchObject({ type: "error" });
  });
});
