// Brings a database to the newest form: numbered plain-SQL migrations, run by one process at a time under
// an advisory lock. `tsx sql/src/migrate.ts` with DATABASE_URL does it from the command line.
import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import pg from "pg";

const migrationsDir = fileURLToPath(new URL("../migrations", import.meta.url));

/**
 * Runs the migrations that the database has not seen; any number of callers at once.
 * @param count of them at most: a database as an earlier version made it
 */
export async function migrate(databaseUrl: string, count = Number.POSITIVE_INFINITY): Promise<void> {
  const waitUntil = Date.now() + 30_000;
  for (;;) {
    // One of our own: the runner does not wait until its connection has ended, and whoever drops the database then
    // would break it, with an error that nobody listens for.
    const dbClient = new pg.Client({ connectionString: databaseUrl });
    await dbClient.connect();
    try {
      await runner({
        dbClient,
        dir: migrationsDir,
        direction: "up",
        count,
        migrationsTable: "migrations",
        log: () => {},
      });
      return;
    } catch (error) {
      // The lock is tried, not waited for; another process that migrates is done in a moment.
      const busy = error instanceof Error && /already running/i.test(error.message);
      if (!busy || Date.now() > waitUntil) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await dbClient.end();
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL;
  if (!url) {
    process.stderr.write("DATABASE_URL is not set: it says which database to bring up to date.\n");
    process.exit(1);
  }
  await migrate(url);
}
