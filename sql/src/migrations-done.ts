// Whether the database has every migration that this code was written for: a gateway that is newer than its
// database says so instead of failing call by call.
import { readdirSync } from "node:fs";
import type { Statements } from "./truth.ts";

const expected = readdirSync(new URL("../migrations/", import.meta.url))
  .filter((name) => name.endsWith(".sql"))
  .map((name) => name.slice(0, -".sql".length));

/** The migrations that are missing, by name. @throws when the database was never migrated */
export async function missingMigrations(truth: Statements): Promise<string[]> {
  const { rows } = await truth.query<{ name: string }>("SELECT name FROM migrations");
  const there = new Set(rows.map((row) => row.name));
  return expected.filter((name) => !there.has(name));
}
