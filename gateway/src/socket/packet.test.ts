// The parser against itself (what is written is read back), against garbage, and against the parser that stock
// clients use, as an oracle.
import { createRequire } from "node:module";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeAck,
  encodeEvent,
  encodeFrame,
  type Frame,
  type Malformed,
  type MalformedReason,
  nestsDeeperThan,
  parseFrame,
} from "./packet.ts";

const DEPTH_MAX = 32;
const parse = (text: string) => parseFrame(text, DEPTH_MAX);

/** JSON as it is after travelling: -0 has become 0. */
const json = fc.json({ maxDepth: 4 }).map((text): unknown => JSON.parse(JSON.stringify(JSON.parse(text))));
const record = fc
  .dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), json)
  .map((object): Record<string, unknown> => JSON.parse(JSON.stringify(object)));
const namespace = fc.oneof(fc.constant("/"), fc.stringMatching(/^\/[a-z0-9_-]{1,20}$/));
const id = fc.integer({ min: 0, max: 999_999_999_999_999 });
const RESERVED = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
const name = fc.oneof(
  fc.string().filter((text) => !RESERVED.includes(text)),
  fc.integer(),
);

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.constantFrom<Frame>({ kind: "ping" }, { kind: "pong" }, { kind: "close" }, { kind: "noop" }),
  fc.record({
    kind: fc.constant("connect" as const),
    namespace,
    auth: fc.option(record, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant("connectError" as const),
    namespace,
    error: fc.oneof(record, fc.string()),
  }),
  fc.record({ kind: fc.constant("disconnect" as const), namespace }),
  fc.record({
    kind: fc.constant("event" as const),
    namespace,
    id: fc.option(id, { nil: undefined }),
    name,
    args: fc.array(json, { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("ack" as const), namespace, id, args: fc.array(json, { maxLength: 4 }) }),
);

/** Any UTF-16, lone surrogates included; `unit: "binary"` takes seconds to begin. */
const anyText = fc
  .array(fc.nat({ max: 0xffff }), { maxLength: 30 })
  .map((codes) => String.fromCharCode(...codes));

describe("frames", () => {
  it("read back as they were written", () => {
    fc.assert(
      fc.property(frame, (written) => {
        expect(parse(encodeFrame(written))).toEqual(written);
      }),
    );
  });

  it("are written for events and acknowledgements as for any frame", () => {
    fc.assert(
      fc.property(fc.string(), id, fc.array(json), (name, id, args) => {
        expect(encodeEvent(name, ...args)).toBe(
          encodeFrame({ kind: "event", namespace: "/", id: undefined, name, args }),
        );
        expect(encodeAck(id, args)).toBe(encodeFrame({ kind: "ack", namespace: "/", id, args }));
      }),
    );
  });

  it("that are garbage are malformed and never throw", () => {
    const almost = fc
      .tuple(frame.map(encodeFrame), fc.nat(), fc.string({ maxLength: 3 }))
      .map(
        ([text, at, junk]) =>
          text.slice(0, at % (text.length + 1)) + junk + text.slice(at % (text.length + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyText, almost), (text) => {
        const read = parse(text);
        expect(read.kind === "malformed" || parse(encodeFrame(read)).kind === read.kind).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, MalformedReason]>([
    ["", "unknown engine packet"],
    ["0", "unknown engine packet"],
    ["0{}", "unknown engine packet"],
    ["2probe", "unknown engine packet"],
    ["3probe", "unknown engine packet"],
    ["5", "unknown engine packet"],
    ["7", "unknown engine packet"],
    ["\ufeff40", "unknown engine packet"],
    ["4", "unknown packet type"],
    ["47", "unknown packet type"],
    ["4 0", "unknown packet type"],
    ["4-1", "unknown packet type"],
    ['451-["message",{"_placeholder":true,"num":0}]', "binary packet"],
    ["461-7[]", "binary packet"],
    ["40/a b", "bad namespace"],
    ['40/"><script>', "bad namespace"],
    ["40/ünï", "bad namespace"],
    [`40/${"a".repeat(200)}`, "bad namespace"],
    ["401", "bad acknowledgement id"],
    ["411", "bad acknowledgement id"],
    ['421234567890123456["a"]', "bad acknowledgement id"],
    ["43[1]", "bad acknowledgement id"],
    ["42", "bad payload"],
    ["427", "bad payload"],
    ["431", "bad payload"],
    ["42[", "bad payload"],
    ["42[]", "bad payload"],
    ["42{}", "bad payload"],
    ['42"message"', "bad payload"],
    ["42null", "bad payload"],
    ["42[null]", "bad payload"],
    ['42[["message"]]', "bad payload"],
    ["42[1e999]", "bad payload"],
    ['42-1["message"]', "bad payload"],
    ['42 ["message"]', "bad payload"],
    ["40\n{}", "bad payload"],
    ['42["message"]trailing', "bad payload"],
    ["40[]", "bad payload"],
    ["40,{}", "bad payload"],
    ["41{}", "bad payload"],
    ["43{}1", "bad payload"],
    ["44[]", "bad payload"],
    ...RESERVED.map((reserved): [string, MalformedReason] => [`42["${reserved}"]`, "reserved event name"]),
    ['42["\\u0063onnect"]', "reserved event name"],
  ])("such as %j are %s", (text, reason) => {
    expect(parse(text)).toEqual({ kind: "malformed", reason });
  });

  it("with a __proto__ key change no prototype", () => {
    const read = parse(
      '42["message",{"__proto__":{"polluted":true}},{"constructor":{"prototype":{"polluted":true}}}]',
    );
    expect(read.kind).toBe("event");
    expect({}).not.toHaveProperty("polluted");
    if (read.kind === "event") expect(Object.getPrototypeOf(read.args[0])).toBe(Object.prototype);
  });
});

describe("nesting", () => {
  const nested = (depth: number) => `42["message",${"[".repeat(depth)}${"]".repeat(depth)}]`;

  it("is allowed up to the limit and not beyond", () => {
    expect(parse(nested(DEPTH_MAX - 1)).kind).toBe("event");
    expect(parse(nested(DEPTH_MAX))).toEqual({ kind: "malformed", reason: "nested too deep" });
  });

  it("a hundred thousand deep is refused without a parser's stack", () => {
    expect(parse(nested(100_000))).toEqual({ kind: "malformed", reason: "nested too deep" });
    expect(parse(`40${'{"a":'.repeat(100_000)}`)).toEqual({ kind: "malformed", reason: "nested too deep" });
    expect(parse(`42["message",${"[{".repeat(50_000)}`)).toEqual({
      kind: "malformed",
      reason: "nested too deep",
    });
  });

  it("is not counted within strings, whatever is escaped in them", () => {
    expect(nestsDeeperThan(JSON.stringify(["[[[[", '\\"[[[', "\\", "{{"]), 1)).toBe(false);
    expect(nestsDeeperThan('["\\"",[[]]]', 2)).toBe(true);
  });

  it("is measured as JSON has it", () => {
    const depth = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map((inner) => depth(inner)))
        : 0;
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 5 }), (value, max) => {
        expect(nestsDeeperThan(JSON.stringify(value), max)).toBe(depth(value) > max);
      }),
    );
  });
});

// The parser inside socket.io-client, reached through it: whichever version the client uses is the oracle.
interface OraclePacket {
  type: number;
  nsp: string;
  id?: number;
  data?: unknown;
}
interface Oracle {
  Decoder: new () => {
    on(event: "decoded", listener: (packet: OraclePacket) => void): void;
    add(text: string): void;
  };
  Encoder: new () => { encode(packet: OraclePacket): unknown[] };
}
const require = createRequire(import.meta.url);
const oracle: Oracle = createRequire(require.resolve("socket.io-client"))("socket.io-parser");

function oracleReads(text: string): OraclePacket | undefined {
  const decoder = new oracle.Decoder();
  let read: OraclePacket | undefined;
  decoder.on("decoded", (packet) => {
    read = packet;
  });
  try {
    decoder.add(text);
  } catch {
    return undefined;
  }
  return read;
}

/** Our frame in the oracle's terms. */
function asPacket(frame: Frame | Malformed): OraclePacket | undefined {
  switch (frame.kind) {
    case "connect":
      return { type: 0, nsp: frame.namespace, ...(frame.auth && { data: frame.auth }) };
    case "disconnect":
      return { type: 1, nsp: frame.namespace };
    case "event": {
      const data = [frame.name, ...frame.args];
      return { type: 2, nsp: frame.namespace, data, ...(frame.id !== undefined && { id: frame.id }) };
    }
    case "ack":
      return { type: 3, nsp: frame.namespace, data: frame.args, id: frame.id };
    case "connectError":
      return { type: 4, nsp: frame.namespace, data: frame.error };
    default:
      return undefined;
  }
}

describe("the parser of socket.io-client", () => {
  const messages = frame.filter((f) => asPacket(f) !== undefined);

  it("reads what we write, and writes the same text", () => {
    fc.assert(
      fc.property(messages, (written) => {
        const packet = asPacket(written);
        expect(oracleReads(encodeFrame(written).slice(1))).toEqual(packet);
        if (packet !== undefined)
          expect(new oracle.Encoder().encode(packet)).toEqual([encodeFrame(written).slice(1)]);
      }),
    );
  });

  it("reads everything that we read, alike; what we alone refuse, we refuse on purpose", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "/",
        "/a",
        ",",
        "1-",
        "12",
        "[",
        "]",
        "{}",
        '"',
        " ",
      ),
      fc.constantFrom(
        "[]",
        '["a"]',
        '["connect"]',
        "[1]",
        "[null]",
        '{"a":1}',
        "null",
        "false",
        '"x"',
        "-1",
        "[1e999]",
      ),
      fc.string({ maxLength: 3 }),
    );
    const text = fc
      .tuple(
        fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "a", ""),
        fc.array(piece, { maxLength: 5 }),
      )
      .map(([type, pieces]) => type + pieces.join(""));
    // Stricter than the oracle: it lets events and acknowledgements without payload, ids on any packet and of
    // any length (and reads spaces as digits), every namespace, and binary packets pass.
    const onPurpose = (reason: MalformedReason, theirs: OraclePacket) =>
      reason === "bad acknowledgement id" ||
      reason === "bad namespace" ||
      reason === "binary packet" ||
      (reason === "unknown packet type" && theirs.type === 0) || // an empty packet is CONNECT to it
      (reason === "bad payload" &&
        (theirs.data === undefined || theirs.id !== undefined || hasNoName(theirs)));
    const hasNoName = ({ data }: OraclePacket) => Array.isArray(data) && data[0] === Infinity;
    fc.assert(
      fc.property(text, (text) => {
        const ours = parse(`4${text}`);
        const theirs = oracleReads(text);
        if (ours.kind !== "malformed") expect(asPacket(ours)).toEqual(theirs);
        else expect(theirs === undefined || onPurpose(ours.reason, theirs)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
