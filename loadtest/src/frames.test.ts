import * as fc from "fast-check";
import { expect, test } from "vitest";
import { connectFrame, eventFrame, readFrame } from "./frames.ts";

test("the frames of a handshake, an event, an acknowledgement and a refusal are read", () => {
  expect(readFrame('0{"sid":"x","pingInterval":300,"pingTimeout":200}')).toEqual({
    kind: "open",
    silenceMs: 500,
  });
  expect(readFrame('40{"sid":"x"}')).toEqual({ kind: "connected" });
  expect(readFrame("2")).toEqual({ kind: "ping" });
  expect(readFrame("41")).toEqual({ kind: "disconnected" });
  expect(readFrame('42["entry",{"rev":1}]')).toEqual({
    kind: "event",
    message: { name: "entry", payload: { rev: 1 } },
  });
  expect(readFrame('4312[{"hold":{}}]')).toEqual({ kind: "ack", id: 12, answer: { hold: {} } });
  expect(readFrame('44{"message":"no","data":{"code":"TOKEN_INVALID"}}')).toEqual({
    kind: "refused",
    code: "TOKEN_INVALID",
  });
});

test("the frames that a shopper sends are the protocol's", () => {
  expect(connectFrame({ token: "t" })).toBe('40{"token":"t"}');
  expect(eventFrame(7, "claim", { holdId: "h" })).toBe('427["claim",{"holdId":"h"}]');
  expect(eventFrame(0, "leave", undefined)).toBe('420["leave"]');
});

test("no text makes the reader throw", () => {
  const anything = fc.oneof(
    fc.string(),
    fc.tuple(fc.constantFrom("0", "40", "42", "43", "431", "44"), fc.json()).map((parts) => parts.join("")),
  );
  fc.assert(fc.property(anything, (text) => void readFrame(text)));
});
