// The plain way of `join`: Fastify and a sorted set. The shopper is put in with the time as score, and told their rank
// and how many there are. Good practice otherwise: a schema, keep-alive, one connection, independent calls together.
import Fastify from "fastify";
import { Redis } from "ioredis";
import { announce } from "./announce.ts";

const redis = new Redis(process.argv[2] ?? "");
const app = Fastify({ logger: false });

app.post(
  "/api/v1/sales/:saleId/entries",
  {
    schema: {
      body: { type: "object", additionalProperties: false },
      response: {
        "2xx": {
          type: "object",
          properties: {
            entryId: { type: "string" },
            state: { type: "string" },
            rank: { type: "integer" },
            waiting: { type: "integer" },
          },
        },
      },
    },
  },
  async (request, reply) => {
    const { saleId } = request.params as { saleId: string };
    const shopper = /dropgate_shopper=([\w.-]+)/.exec(request.headers.cookie ?? "")?.[1];
    if (shopper === undefined) return reply.code(401).send();
    const line = `line:${saleId}`;
    await redis.zadd(line, "NX", Date.now(), shopper);
    const [rank, waiting] = await Promise.all([redis.zrank(line, shopper), redis.zcard(line)]);
    return reply.code(201).send({ entryId: shopper, state: "waiting", rank, waiting });
  },
);

await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce({ port: typeof address === "object" && address !== null ? address.port : 0 });
