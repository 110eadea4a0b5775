// What the machine must offer before anything is started, each with the sentence that helps when it does not.
import { execFile, execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import type { Redis } from "ioredis";
import { Client } from "pg";
import { errorCode } from "../stores/kept-file.ts";
import { majorVersion } from "../stores/redis-server.ts";

/** The binary interface of Node 20: the HTTP and socket server is compiled for it. */
const NODE_MODULES_VERSION = "115";
/** Each shopper's socket is an open file of a gateway; below this a small crowd already fills it. */
const FILES_WANTED = 65_536;
const FILES_NEEDED = 1_024;
const POSTGRES_LOWEST = 16;
const REDIS_LOWEST = 7;
const CONNECT_WITHIN_MS = 5_000;

/** A sentence when this Node cannot run the gateway; on another it would silently be a slow imitation. */
export function nodeTrouble(versions: { node: string; modules: string }): string | undefined {
  if (versions.modules === NODE_MODULES_VERSION) return undefined;
  return `This is Node ${versions.node}; Dropgate runs on Node 20. Install it, for example with \`nvm install 20 && nvm use 20\`, and run \`npx pnpm install\` again.`;
}

/** A sentence when nobody can listen there. */
export async function portTrouble(host: string, port: number): Promise<string | undefined> {
  if (port === 0) return undefined;
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => {
      const code = errorCode(error);
      if (code === "EADDRINUSE") {
        resolve(
          `Port ${port} on ${host} is in use by another program. Choose another with --port ${port === 65_535 ? port - 1 : port + 1}, or end that program (\`lsof -i :${port}\` names it).`,
        );
      } else if (code === "EACCES") {
        resolve(`Port ${port} is reserved for root on this system. Choose one above 1023 with --port 8080.`);
      } else if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
        resolve(`This machine has no address ${host}. Use --host 127.0.0.1, or --host 0.0.0.0 for all.`);
      } else resolve(`Nobody can listen on ${host}:${port}: ${error.message}.`);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * Raises how many files a process may have open, for us and all we start. Node has already raised its own
 * limit to the hard one; root may raise that too.
 * @returns the limit that holds now, and a sentence when it is low
 */
export async function raiseOpenFiles(): Promise<{ limit: number; trouble?: string; stop: boolean }> {
  let limit = openFiles();
  if (limit < FILES_WANTED && process.platform === "linux" && process.getuid?.() === 0) {
    const both = `${FILES_WANTED}:${FILES_WANTED}`;
    try {
      await promisify(execFile)("prlimit", ["--pid", String(process.pid), `--nofile=${both}`]);
      limit = openFiles();
    } catch {
      // A container may forbid it even to root; then the limit stays and is told below.
    }
  }
  const howTo = `Raise it with \`ulimit -n ${FILES_WANTED}\` in this shell before the start (or LimitNOFILE in its service).`;
  if (limit < FILES_NEEDED) {
    return {
      limit,
      stop: true,
      trouble: `A process may open only ${limit} files here, too few to start. ${howTo}`,
    };
  }
  if (limit < FILES_WANTED) {
    const trouble = `A process may open ${limit} files here, so each gateway holds about ${limit - 500} shoppers at once. ${howTo}`;
    return { limit, stop: false, trouble };
  }
  return { limit, stop: false };
}

function openFiles(): number {
  const text = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
  return text === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(text);
}

/** A sentence when the Redis of REDIS_URL cannot be used; of a cluster's servers one that answers is enough. */
export async function redisTrouble(urls: string): Promise<string | undefined> {
  let trouble: string | undefined;
  for (const url of urls.split(",")) {
    trouble = await redisTroubleAt(url.trim());
    if (trouble === undefined) return undefined;
  }
  return trouble;
}

async function redisTroubleAt(url: string): Promise<string | undefined> {
  let redis: Redis | undefined;
  let first: Error | undefined;
  try {
    // Loaded only here: without REDIS_URL, which is how a newcomer starts, nobody waits for it.
    const ioredis = await import("ioredis");
    redis = new ioredis.Redis(url, {
      lazyConnect: true,
      connectTimeout: CONNECT_WITHIN_MS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    // The promise below only says that the connection is closed; this says why.
    redis.on("error", (error: Error) => {
      first ??= error;
    });
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info("server"))?.[1] ?? "unknown";
    if (majorVersion(version) >= REDIS_LOWEST) return undefined;
    return `The Redis of REDIS_URL is version ${version}; Dropgate needs ${REDIS_LOWEST}.0 or later. Point REDIS_URL at a newer one, or leave it out to have one started.`;
  } catch (error) {
    return `The Redis of REDIS_URL does not answer: ${reason(first ?? error)}. Start it, mend REDIS_URL, or leave it out to have one started.`;
  } finally {
    redis?.disconnect();
  }
}

/** A sentence when the PostgreSQL of DATABASE_URL cannot be used. */
export async function databaseTrouble(url: string): Promise<string | undefined> {
  let client: Client | undefined;
  try {
    client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    const version = rows[0]?.server_version ?? "unknown";
    if (Number.parseInt(version, 10) >= POSTGRES_LOWEST) return undefined;
    return `The PostgreSQL of DATABASE_URL is version ${version}; Dropgate needs ${POSTGRES_LOWEST} or later. Point DATABASE_URL at a newer one, or leave it out to have one started.`;
  } catch (error) {
    return `The PostgreSQL of DATABASE_URL does not answer: ${reason(error)}. Start it, mend DATABASE_URL, or leave it out to have one started.`;
  } finally {
    await client?.end().catch(() => {});
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to several addresses is an AggregateError without words of its own.
  return error.message || errorCode(error) || error.name;
}
