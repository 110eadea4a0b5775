// Who runs now, for tools and tests to read: `processes.json` in the data directory. It is replaced by
// rename, so that no reader ever sees half of it.
import { renameSync, writeFileSync } from "node:fs";

export type RosterEntry = {
  name: string;
  pid: number;
  /** Where it is reached; a connection string for the stores, null for what nobody calls. */
  url: string | null;
};

export type Roster = {
  set: (entry: RosterEntry) => void;
  remove: (name: string) => void;
};

/** A roster that starts empty. Only its owner may read the file: connection strings carry passwords. */
export function openRoster(file: string): Roster {
  const entries = new Map<string, RosterEntry>();
  const write = (): void => {
    const next = `${file}.${process.pid}.new`;
    // Written in one go and in order, which asynchronous writes would not promise.
    writeFileSync(next, `${JSON.stringify([...entries.values()], null, 2)}\n`, { mode: 0o600 });
    renameSync(next, file);
  };
  write();
  return {
    set(entry) {
      entries.set(entry.name, entry);
      write();
    },
    remove(name) {
      if (entries.delete(name)) write();
    },
  };
}
