// A client with all of ioredis' own kindnesses, of one Redis or of a cluster: for what needs no fence, such as
// BullMQ, whose jobs only wake. Nothing of a lane or sale may ever be asked through it.
import { Cluster, Redis } from "ioredis";
import { ServerUrls } from "./slot-map.ts";

export type GeneralClient = Redis | Cluster;

/**
 * Connects to the first of the servers that answers, and to its whole cluster if it is one of a cluster.
 * @param urls as in REDIS_URL
 * @throws the last server's error when none answers
 */
export async function openGeneralClient(urls: string): Promise<GeneralClient> {
  const { seeds } = new ServerUrls(urls);
  let broke: unknown;
  for (const url of seeds.values()) {
    try {
      return await openAt(url, [...seeds.values()]);
    } catch (error) {
      broke = error;
    }
  }
  throw broke;
}

async function openAt(url: string, all: readonly string[]): Promise<GeneralClient> {
  // Its kindnesses begin once it was there: who finds nobody is told so.
  let found = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (found ? Math.min(50 * times, 2_000) : null),
  });
  let broke: unknown;
  redis.on("error", (error: unknown) => {
    broke = error;
  });
  try {
    await redis.connect();
    found = true;
    const inCluster = /^(redis|server)_mode:cluster/m.test(await redis.info("server"));
    if (!inCluster) return redis;
  } catch (error) {
    redis.disconnect();
    throw broke ?? error;
  }
  redis.disconnect();
  const { username, password, protocol } = new URL(url);
  const cluster = new Cluster(
    all.map((each) => ({ host: new URL(each).hostname, port: Number(new URL(each).port || 6379) })),
    {
      redisOptions: {
        maxRetriesPerRequest: null,
        ...(username !== "" && { username: decodeURIComponent(username) }),
        ...(password !== "" && { password: decodeURIComponent(password) }),
        ...(protocol === "rediss:" && { tls: {} }),
      },
    },
  );
  cluster.on("error", () => {});
  await new Promise((resolve) => cluster.once("ready", resolve));
  return cluster;
}

/** Keys that fit a pattern, on every server. For tests: it reads all keys there are. */
export async function keysLike(client: GeneralClient, pattern: string): Promise<string[]> {
  const servers = client instanceof Cluster ? client.nodes("master") : [client];
  return (await Promise.all(servers.map((server) => server.keys(pattern)))).flat();
}
