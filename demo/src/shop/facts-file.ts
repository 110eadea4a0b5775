// An append-only file of facts: one JSON line each, on the disk before anything that follows from it. So a shop that
// dies in the middle of something knows, when it starts again, what it owes to whom. It is read once at the start and
// never rewritten; a demo's some thousand lines fit.

import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";

export interface FactsFile<Fact> {
  /** Ends when the fact is on the disk and was taken in. */
  append(fact: Fact): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file, whose folder is made, and gives what it holds to `take`, as each new fact after it.
 * @throws when it cannot be read or written
 */
export async function openFactsFile<Fact>(
  path: string,
  take: (fact: Fact) => void,
): Promise<FactsFile<Fact>> {
  await mkdir(dirname(path), { recursive: true });
  const written = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  for (const line of written.split("\n")) {
    // A last line that a crash cut off was never on the disk whole, so nothing followed from it.
    const fact = parseLine(line);
    // Whoever opens it is who wrote it.
    if (fact !== null) take(fact as Fact);
  }
  const file = await open(path, "a", 0o600);
  if (written !== "" && !written.endsWith("\n")) await file.appendFile("\n");

  let writing: Promise<void> = Promise.resolve();
  return {
    append(fact) {
      const write = async (): Promise<void> => {
        await file.appendFile(`${JSON.stringify(fact)}\n`);
        await file.datasync();
        take(fact);
      };
      // One after the other, and a failed write fails its own caller alone.
      const mine = writing.then(write);
      writing = mine.catch(() => {});
      return mine;
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}

function parseLine(line: string): unknown {
  try {
    return line === "" ? null : JSON.parse(line);
  } catch {
    return null;
  }
}
