// When and what to kill: five moments of a sale, seen in PostgreSQL, and four processes. A strike notes what
// was under way when it fell and what came of the process afterwards, so that a run proves it was one. On a
// cluster `redis` is the master that has most of the sale's lanes: killed, it is back before its replica takes
// over; hung, it is replaced, and goes on as a replica of who replaced it.
import { Redis } from "ioredis";
import pg from "pg";
import type { House, RunningProcess } from "./house.ts";

export const MOMENTS = ["joining", "sealing", "first offers", "confirms", "last unit"] as const;
export type Moment = (typeof MOMENTS)[number];
export const VICTIMS = ["gateway", "worker", "redis", "postgres", "redis emptied", "redis hung"] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Strike {
  moment: Moment;
  victim: Victim;
}

/** Each process once at each moment, and Redis emptied once. */
export const ALL_STRIKES: readonly Strike[] = [
  ...MOMENTS.flatMap((moment) =>
    (["gateway", "worker", "redis", "postgres"] as const).map((victim) => ({ moment, victim })),
  ),
  { moment: "first offers", victim: "redis emptied" },
];

/** The same on a cluster, where a master may hang as well until its replica has taken over. */
export const CLUSTER_STRIKES: readonly Strike[] = [
  ...ALL_STRIKES,
  ...MOMENTS.map((moment) => ({ moment, victim: "redis hung" as const })),
];

/** What the sale was doing. */
interface Doing {
  phase: string;
  entries: number;
  told: number;
  offered: number;
  live: number;
  sold: number;
  units: number;
}

export interface StrikeProof {
  doing: Doing;
  /** Why this shows that it struck, or why it did not. */
  struck: boolean;
  text: string;
}

function isMoment(moment: Moment, doing: Doing, shoppers: number): boolean {
  switch (moment) {
    case "joining":
      return doing.phase === "lobby" && doing.entries >= shoppers * 0.2 && doing.entries < shoppers * 0.8;
    case "sealing":
      return doing.phase === "drawing" && doing.told === 0;
    case "first offers":
      return doing.offered >= 1 && doing.sold <= doing.units * 0.2;
    case "confirms":
      return doing.sold >= doing.units * 0.3 && doing.sold <= doing.units * 0.8 && doing.live >= 1;
    case "last unit":
      return doing.sold >= doing.units * 0.9 && doing.sold < doing.units;
  }
}

/** Waits for the moment, strikes, waits until the process is back. @throws when the moment never came */
export async function strike(house: House, shoppers: number, what: Strike): Promise<StrikeProof> {
  const { url: databaseUrl } = await house.process("postgres");
  const client = new pg.Client({ connectionString: databaseUrl ?? "" });
  client.on("error", () => {});
  await client.connect();
  try {
    const doing = await untilMoment(client, what.moment, shoppers);
    const epochsBefore = await epochSum(client);
    const rebuilt = async (): Promise<StrikeProof> => ({
      doing,
      ...(await untilRebuilt(databaseUrl ?? "", epochsBefore)),
    });
    if (what.victim === "redis emptied") {
      for (const server of await redisServers(house)) if (server.isMaster) await ask(server, "FLUSHALL");
      return await rebuilt();
    }
    if (what.victim === "redis hung") {
      const { pid } = await fullestRedis(house, client);
      process.kill(pid, "SIGSTOP");
      try {
        return await rebuilt();
      } finally {
        process.kill(pid, "SIGCONT");
      }
    }
    const { name, pid } = await victimIn(house, what.victim, client);
    process.kill(pid, "SIGKILL");
    const back = await untilBack(house, name, pid);
    if (!back) return { doing, struck: false, text: `${name} (${pid}) did not come back` };
    if (what.victim === "redis") return await rebuilt();
    return { doing, struck: true, text: `${name} ${pid} was killed and came back as ${back}` };
  } finally {
    await client.end().catch(() => {});
  }
}

async function victimIn(house: House, victim: Victim, client: pg.Client): Promise<RunningProcess> {
  if (victim === "redis") return await fullestRedis(house, client);
  return await house.process(victim === "postgres" ? victim : `${victim}-1`);
}

interface RedisServer extends RunningProcess {
  runId: string;
  isMaster: boolean;
}

/** The one Redis, or the servers of the cluster. */
async function redisServers(house: House): Promise<RedisServer[]> {
  const running = (await house.processes()).filter(({ name }) => /^redis(-\d)?$/.test(name));
  return Promise.all(
    running.map(async (server) => {
      const info = await ask(server, "INFO");
      const runId = /run_id:(\w+)/.exec(info)?.[1] ?? "";
      return { ...server, runId, isMaster: info.includes("role:master") };
    }),
  );
}

async function ask({ url }: RunningProcess, command: string): Promise<string> {
  const redis = new Redis(url ?? "");
  try {
    return String(await redis.call(command));
  } finally {
    redis.disconnect();
  }
}

/** The server in which most of the newest sale's lanes were filled. */
async function fullestRedis(house: House, client: pg.Client): Promise<RedisServer> {
  const { rows } = await client.query<{ runId: string }>(
    `SELECT run_id AS "runId" FROM lanes
     WHERE sale_id = (SELECT id FROM sales ORDER BY created_at DESC LIMIT 1) AND run_id IS NOT NULL
     GROUP BY run_id ORDER BY count(*) DESC LIMIT 1`,
  );
  const found = (await redisServers(house)).find(({ runId }) => runId === rows[0]?.runId);
  if (!found) throw new Error("no Redis has the sale's lanes");
  return found;
}

async function untilMoment(client: pg.Client, moment: Moment, shoppers: number): Promise<Doing> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const doing = await readDoing(client);
    if (doing !== null && isMoment(moment, doing, shoppers)) return doing;
    await new Promise((resolve) => setTimeout(resolve, moment === "sealing" ? 2 : 15));
  }
  throw new Error(`the moment never came: ${moment}`);
}

async function readDoing(client: pg.Client): Promise<Doing | null> {
  const { rows } = await client.query<Record<keyof Doing, string>>(
    `SELECT s.phase, s.quantity AS units,
       (SELECT count(*) FROM entries WHERE sale_id = s.id) AS entries,
       (SELECT count(*) FROM draw_buckets WHERE sale_id = s.id AND told_at IS NOT NULL) AS told,
       (SELECT count(*) FROM holds WHERE sale_id = s.id) AS offered,
       (SELECT count(*) FROM holds WHERE sale_id = s.id AND state IN ('offered', 'active', 'pending')) AS live,
       (SELECT count(*) FROM units WHERE sale_id = s.id AND state = 'sold') AS sold
     FROM sales s ORDER BY created_at DESC LIMIT 1`,
  );
  const row = rows[0];
  if (!row) return null;
  const { phase, ...counts } = row;
  const numbers = Object.entries(counts).map(([name, count]) => [name, Number(count)]);
  return { phase, ...Object.fromEntries(numbers) } as Doing;
}

async function epochSum(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ sum: string }>("SELECT coalesce(sum(epoch), 0) AS sum FROM lanes");
  return Number(rows[0]?.sum);
}

async function untilRebuilt(databaseUrl: string, before: number): Promise<{ struck: boolean; text: string }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      const sum = await epochSum(client);
      if (sum > before)
        return { struck: true, text: `Redis was fenced and rebuilt: epochs ${before} → ${sum}` };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { struck: false, text: "no lane was rebuilt" };
  } finally {
    await client.end();
  }
}

/** The new pid, or null when it is not back in half a minute. */
async function untilBack(house: House, name: string, pid: number): Promise<number | null> {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const now = (await house.processes()).find((running) => running.name === name);
    if (now && now.pid !== pid) return now.pid;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}
