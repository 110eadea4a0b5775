// A program that starts a store, says where, and does nothing more: for tests of what happens when it is killed.
// `left-behind.fixture.ts redis|postgres <data directory>`
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";

const [which, dataDir] = process.argv.slice(2);
if (which === undefined || dataDir === undefined) throw new Error("which store, and where?");
const start = which === "redis" ? startRedis : startPostgres;
const { url, pid } = await start({ dataDir, durable: true });
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
setInterval(() => {}, 60_000);
