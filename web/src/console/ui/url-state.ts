// What a page shows of its lists stands in its address: filters, order, columns. So it survives a reload, the way back,
// and being sent to somebody.
import { useSearchParams } from "wouter";

export interface UrlState {
  read: (name: string) => string;
  /** What is said at all. */
  names: () => string[];
  /** Empty takes it out. Typing replaces the address instead of adding to the way back. */
  write: (name: string, value: string) => void;
}

export function useUrlState(): UrlState {
  const [search, setSearch] = useSearchParams();
  return {
    read: (name) => search.get(name) ?? "",
    names: () => [...search.keys()],
    write: (name, value) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (value === "") next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
  };
}
