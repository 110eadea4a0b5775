// What stays in this browser between visits: the entry's token, by sale. Where storage is refused (private windows,
// full disks) the page works without: the cookie still names the shopper, and joining again gives the same place.
import type { KeptEntry } from "../room/room-state.ts";

export interface EntryKeeper {
  read(): KeptEntry | null;
  write(kept: KeptEntry | null): void;
  /** Calls back when another tab changed it. @returns the way to stop listening */
  onChange(listener: (kept: KeptEntry | null) => void): () => void;
}

export function openEntryKeeper(saleId: string): EntryKeeper {
  const key = `dropgate:${saleId}`;
  return {
    read() {
      try {
        return parseKept(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(kept) {
      try {
        if (kept === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // Refused: this tab goes on with what it has in its hands.
      }
    },
    onChange(listener) {
      const hear = (event: StorageEvent): void => {
        if (event.key === key || event.key === null) listener(parseKept(event.newValue));
      };
      addEventListener("storage", hear);
      return () => removeEventListener("storage", hear);
    },
  };
}

/** Whatever an older page, or a curious hand, left there: an entry or null. */
export function parseKept(text: string | null): KeptEntry | null {
  if (text === null) return null;
  try {
    const read = JSON.parse(text) as Partial<KeptEntry> | null;
    if (typeof read?.entryId !== "string" || typeof read.token !== "string") return null;
    const kept = { entryId: read.entryId, token: read.token };
    return typeof read.startedAt === "number" ? { ...kept, startedAt: read.startedAt } : kept;
  } catch {
    return null;
  }
}
