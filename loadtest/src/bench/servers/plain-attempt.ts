// The plain way of `sold-out`: Fastify and a Lua script for each attempt, which looks at the shopper's limit and takes a
// unit if there is one. Correct, and asked again for every single refusal.
import Fastify from "fastify";
import { Redis } from "ioredis";
import { announce } from "./announce.ts";

const redis = new Redis(process.argv[2] ?? "");
redis.defineCommand("attempt", {
  numberOfKeys: 2,
  lua: `if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'ALREADY_PURCHASED' end
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left <= 0 then return 'SOLD_OUT' end
redis.call('DECR', KEYS[1])
redis.call('HSET', KEYS[2], ARGV[1], '1')
return 'OK'`,
});
type Attempting = Redis & { attempt(stock: string, buyers: string, shopper: string): Promise<string> };

const app = Fastify({ logger: false });
app.post("/api/v1/sales/:saleId/attempts", async (request, reply) => {
  const { saleId } = request.params as { saleId: string };
  const shopper = /dropgate_shopper=([\w.-]+)/.exec(request.headers.cookie ?? "")?.[1];
  if (shopper === undefined) return reply.code(401).send();
  const outcome = await (redis as Attempting).attempt(`stock:${saleId}`, `buyers:${saleId}`, shopper);
  if (outcome === "OK") return { ok: true };
  return reply.code(409).send({ code: outcome, title: "Sold out", final: false, retryAfterMs: 1_000 });
});

await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce({ port: typeof address === "object" && address !== null ? address.port : 0 });
