// A database of its own for each test file: cloned in some tens of milliseconds from a template that the
// first file makes by running the migrations.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { migrate } from "./migrate.ts";
import { Truth } from "./truth.ts";

function migrationsHash(): string {
  const dir = new URL("../migrations/", import.meta.url);
  const hash = createHash("sha256");
  for (const name of readdirSync(dir).toSorted()) hash.update(name).update(readFileSync(new URL(name, dir)));
  return hash.digest("hex").slice(0, 12);
}

function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function makeTemplate(admin: pg.Client, serverUrl: string, template: string): Promise<void> {
  // One lock for the server: test files start at the same moment and one template serves all.
  await admin.query("SELECT pg_advisory_lock(7241)");
  try {
    const there = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [template]);
    if (there.rowCount === 0) {
      const draft = `${template}_draft`;
      await admin.query(`DROP DATABASE IF EXISTS ${draft}`);
      await admin.query(`CREATE DATABASE ${draft}`);
      await migrate(withDatabase(serverUrl, draft));
      await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    }
  } finally {
    await admin.query("SELECT pg_advisory_unlock(7241)");
  }
}

export interface TestDatabase {
  url: string;
  truth: Truth;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

/** @param serverUrl a PostgreSQL where databases may be made, as the test run provides it */
export async function testDatabase(serverUrl: string): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  const template = `dropgate_template_${migrationsHash()}`;
  await makeTemplate(admin, serverUrl, template);
  const name = newName();
  // Cloning holds a lock on the template; two at once would refuse each other.
  await admin.query("SELECT pg_advisory_lock(7241)");
  try {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await admin.query("SELECT pg_advisory_unlock(7241)");
  }
  return open(admin, serverUrl, name);
}

/** A database as an earlier version left it, with the first so many migrations. */
export async function earlierDatabase(serverUrl: string, migrations: number): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  const name = newName();
  await admin.query(`CREATE DATABASE ${name}`);
  await migrate(withDatabase(serverUrl, name), migrations);
  return open(admin, serverUrl, name);
}

function newName(): string {
  return `dropgate_test_${randomBytes(6).toString("hex")}`;
}

function open(admin: pg.Client, serverUrl: string, name: string): TestDatabase {
  const url = withDatabase(serverUrl, name);
  const truth = new Truth({ url });
  return {
    url,
    truth,
    async drop() {
      await truth.close();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
