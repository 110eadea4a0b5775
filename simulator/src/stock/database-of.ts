// Which PostgreSQL a command means: DATABASE_URL, or that of a Dropgate that `npx pnpm start` runs.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * @param dataDir of the start command
 * @returns a connection string, or a sentence that says what to do
 */
export async function databaseOf(dataDir: string): Promise<{ url: string } | { sentence: string }> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return { url: given };
  const file = join(resolve(dataDir), "processes.json");
  let processes: { name: string; url?: string | null }[];
  try {
    processes = JSON.parse(await readFile(file, "utf8")) as typeof processes;
  } catch {
    return {
      sentence: `Nothing runs on ${dataDir}: run npx pnpm start, name its --data-dir, or set DATABASE_URL.`,
    };
  }
  const url = processes.find(({ name }) => name === "postgres")?.url;
  return url
    ? { url }
    : { sentence: `The Dropgate on ${dataDir} has no PostgreSQL of its own: set DATABASE_URL.` };
}
