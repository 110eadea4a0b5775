// The ceiling of `join`: µWebSockets and one micro-batched script on Redis, with nothing checked, signed or journaled.
// One call is under way at a time and what arrives meanwhile is the next; each join is a card and an arrival.

import uws, { type HttpResponse } from "uWebSockets.js";
import { Redis } from "ioredis";
import { announce } from "./announce.ts";

/** The bytes that ours keeps of a join, the card and the arrival, and not a question asked. */
const SCRIPT = `
local seq = tonumber(redis.call('HGET', KEYS[1], 'seq') or '0')
local now = redis.call('TIME')[1]
local reply = {}
for i = 1, #ARGV do
  local shopper = ARGV[i]
  local card = '1|0|w|0|0|0|' .. (seq + 1) .. '||||'
  if redis.call('HSETNX', KEYS[2], shopper, card) == 1 then
    seq = seq + 1
    redis.call('XADD', KEYS[3], seq .. '-0', 'kind', 'join', 'entry', shopper, 'key', shopper, 'shopper', shopper,
      'attempt', '1', 'bucket', '0', 'ms', now)
  end
  reply[i] = card
end
redis.call('HSET', KEYS[1], 'seq', seq)
return reply`;
const KEYS = ["{bare}:lane", "{bare}:cards", "{bare}:arrivals"];
const BATCH_MAX = 256;
/** As long as ours: a token has its length, whatever signs it. */
const TOKEN = "t".repeat(230);

const redis = new Redis(process.argv[2] ?? "");
const sha = String(await redis.script("LOAD", SCRIPT));

interface Ask {
  res: HttpResponse;
  shopper: string;
  gone: boolean;
}
let waiting: Ask[] = [];
let underWay = false;

async function go(): Promise<void> {
  const batch = waiting.splice(0, BATCH_MAX);
  underWay = true;
  const places = (await redis.evalsha(
    sha,
    KEYS.length,
    ...KEYS,
    ...batch.map(({ shopper }) => shopper),
  )) as string[];
  batch.forEach(({ res, shopper, gone }, i) => {
    if (gone) return;
    const body = `{"entryId":"${shopper.slice(0, 30)}","token":"${TOKEN}","state":"waiting","ticket":null,"card":"${places[i]}"}`;
    res.cork(() => {
      res.writeStatus("201 Created").writeHeader("content-type", "application/json").end(body);
    });
  });
  underWay = false;
  if (waiting.length > 0) void go();
}

uws
  .App()
  .post("/*", (res, req) => {
    const ask: Ask = { res, shopper: req.getHeader("cookie").slice(-43), gone: false };
    res.onAborted(() => {
      ask.gone = true;
    });
    res.onData((_, isLast) => {
      if (!isLast) return;
      waiting.push(ask);
      if (!underWay) {
        underWay = true;
        setImmediate(() => void go());
      }
    });
  })
  .listen("127.0.0.1", 0, (socket) => {
    announce({ port: socket === false ? 0 : uws.us_socket_local_port(socket) });
  });
