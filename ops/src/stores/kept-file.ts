// Small facts that outlive a start and stand in files: a password, a port, a process id.
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

/** The `code` of a system or PostgreSQL error ("ENOENT", "3D000"), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The text of a file, or undefined when there is none. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The number in a file; NaN when there is no file or no number. */
export async function readNumber(file: string): Promise<number> {
  return Number.parseInt((await readIfPresent(file)) ?? "", 10);
}

/**
 * The secret kept in `file` (mode 0600): `bytes` random bytes in hex, made when the file holds none.
 * @returns the secret, and whether it was just made
 */
export async function keptSecret(file: string, bytes: number): Promise<{ secret: string; fresh: boolean }> {
  const kept = (await readIfPresent(file))?.trim() ?? "";
  if (kept.length === bytes * 2 && /^[0-9a-f]+$/.test(kept)) return { secret: kept, fresh: false };
  const secret = randomBytes(bytes).toString("hex");
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return { secret, fresh: true };
}

/** The end of a log, as one line for a message. */
export function lastLines(log: string): string {
  return log.trim().split("\n").slice(-3).join(" / ") || "it said nothing.";
}
