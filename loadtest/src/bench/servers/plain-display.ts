// The plain way of `display`: Fastify, and for each page view the SKU's shelves read from Redis and added up.
import Fastify from "fastify";
import { Redis } from "ioredis";
import { announce } from "./announce.ts";

const redis = new Redis(process.argv[2] ?? "");

async function prepare({ skus, locations }: { skus: string[]; locations: string[] }): Promise<null> {
  for (const sku of skus) {
    await redis.hset(`plain:${sku}`, Object.fromEntries(locations.map((id) => [id, "10000000|0|0|0"])));
  }
  return null;
}

const app = Fastify({ logger: false });
app.get("/api/v1/products/:sku/availability", async (request, reply) => {
  const { sku } = request.params as { sku: string };
  const shelves = await redis.hgetall(`plain:${sku}`);
  const regions: Record<string, { status: string; message: string }> = {};
  let all = 0;
  for (const [locationId, text] of Object.entries(shelves)) {
    const [onHand = 0, allocated = 0, reserved = 0, safetyStock = 0] = text.split("|").map(Number);
    const available = onHand - allocated - reserved - safetyStock;
    all += available;
    regions[locationId] = { status: available > 0 ? "in_stock" : "out_of_stock", message: "In stock" };
  }
  return reply.send({
    sku,
    overallStatus: all > 0 ? "in_stock" : "out_of_stock",
    stockMessage: all > 0 ? "In stock" : "Out of stock",
    availableByRegion: regions,
    asOf: new Date().toISOString(),
  });
});
await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce(
  { port: typeof address === "object" && address !== null ? address.port : 0 },
  { prepare: (wanted) => prepare(wanted as { skus: string[]; locations: string[] }) },
);
