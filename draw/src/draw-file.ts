// Reads `GET /sales/{saleId}/draw`: what the sale says about its own draw. Nothing here is believed yet; this only
// turns the text into values whose bounds are safe to work with, or says in sentences what is wrong with it.

/** One drawn bucket, as the sale states it. */
export interface Bucket {
  bucket: number;
  count: number;
  digest: string;
  /** null only while the sale has not closed and keeps its seeds to itself. */
  seed: string | null;
  firstTicket: number;
  sealedAt: string;
  recovered: boolean;
}

/** The draw file. Hex is lower case; `secret` is null until the sale is closed. */
export interface Draw {
  saleId: string;
  algorithm: string;
  commitment: string;
  secret: string | null;
  /** The public randomness of bucket 0: null without one, or when its recorded fall-back applied. */
  beacon: string | null;
  buckets: Bucket[];
}

export type ParsedDraw =
  | { ok: true; draw: Draw }
  | { ok: false; refusal: "DRAW_MALFORMED"; problems: string[] };

/** A sale of a day seals at most 86,400 buckets of some 250 bytes; four days' worth is room enough. */
export const MAX_DRAW_FILE_BYTES = 64 * 1024 * 1024;
/** Tickets are kept as 32-bit numbers: half of the people alive fit. */
export const MAX_TICKET = 0xffffffff;

export const ID = /^[A-Za-z0-9_-]{1,64}$/;
const HEX32 = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Text of the draw file in, its values or all that is wrong with it out. */
export function parseDraw(text: string): ParsedDraw {
  if (text.length > MAX_DRAW_FILE_BYTES) {
    return malformed([`the draw file is longer than ${MAX_DRAW_FILE_BYTES} bytes`]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return malformed([
      `the draw file is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    ]);
  }
  if (!isObject(value)) return malformed(["the draw file is not a JSON object"]);

  const problems: string[] = [];
  const expect = (good: boolean, sentence: string): void => {
    if (!good) problems.push(sentence);
  };
  const { saleId, algorithm, commitment, secret, buckets } = value;
  expect(
    typeof saleId === "string" && ID.test(saleId),
    "saleId is not an id of 1 to 64 letters, digits, _ or -",
  );
  expect(typeof algorithm === "string", "algorithm is not a text");
  expect(isHash(commitment), "commitment is not 64 hex digits in lower case");
  expect(secret === null || isHash(secret), "secret is neither null nor 64 hex digits in lower case");
  const beacon = readBeacon(value.beacon);
  expect(beacon !== undefined, "beacon is neither null nor a text (or an object whose value is one)");
  const parsed = Array.isArray(buckets)
    ? buckets.map((bucket, index) => readBucket(bucket, index, expect))
    : [];
  expect(Array.isArray(buckets), "buckets is not a list");
  if (problems.length > 0) return malformed(problems);
  return {
    ok: true,
    draw: {
      saleId: String(saleId),
      algorithm: String(algorithm),
      commitment: String(commitment),
      secret: typeof secret === "string" ? secret : null,
      beacon: beacon ?? null,
      buckets: parsed,
    },
  };
}

/** The first `count` hex digits' bytes. Only called on text that HEX32 has accepted. */
export function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Bytes as hex in lower case. */
export function hexOfBytes(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

function readBucket(
  value: unknown,
  index: number,
  expect: (good: boolean, sentence: string) => void,
): Bucket {
  const at = `buckets[${index}]`;
  const field = isObject(value) ? value : {};
  const { bucket, count, digest, seed, firstTicket, sealedAt, recovered } = field;
  expect(isObject(value), `${at} is not an object`);
  expect(isWhole(bucket, 0), `${at}.bucket is not a whole number from 0`);
  expect(isWhole(count, 1), `${at}.count is not a whole number from 1 (empty buckets are not listed)`);
  expect(isHash(digest), `${at}.digest is not 64 hex digits in lower case`);
  expect(seed === null || isHash(seed), `${at}.seed is neither null nor 64 hex digits in lower case`);
  expect(isWhole(firstTicket, 1), `${at}.firstTicket is not a whole number from 1`);
  expect(typeof sealedAt === "string" && TIME.test(sealedAt), `${at}.sealedAt is not a time in UTC`);
  expect(
    recovered === undefined || recovered === null || typeof recovered === "boolean",
    `${at}.recovered is neither true nor false`,
  );
  if (isWhole(firstTicket, 1) && isWhole(count, 1)) {
    expect(firstTicket + count - 1 <= MAX_TICKET, `${at} has tickets above ${MAX_TICKET}`);
  }
  return {
    bucket: Number(bucket),
    count: Number(count),
    digest: String(digest),
    seed: typeof seed === "string" ? seed : null,
    firstTicket: Number(firstTicket),
    sealedAt: String(sealedAt),
    recovered: recovered === true,
  };
}

/** undefined: not a beacon at all. A beacon that failed in time is recorded with a value of null. */
function readBeacon(value: unknown): string | null | undefined {
  if (value === null || typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  return value.value === null || typeof value.value === "string" ? value.value : undefined;
}

function malformed(problems: string[]): ParsedDraw {
  return { ok: false, refusal: "DRAW_MALFORMED", problems };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && HEX32.test(value);
}

function isWhole(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}
