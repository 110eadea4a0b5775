// The contract's calls inside components: reads that are kept and made anew, lists by cursor, and changes.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AnswerOf, call, type Outcome, type Request, type Trouble } from "./call.ts";
import type { CallName } from "./calls.ts";
import { keptFor } from "./kept.ts";

/** A problem on its way through the query library, which knows failures only as exceptions. */
export class Refused extends Error {
  override name = "Refused";
  readonly problem: Trouble;
  constructor(problem: Trouble) {
    super(problem.title);
    this.problem = problem;
  }
}

function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Refused(outcome.problem);
  return outcome.value;
}

export function problemOf(error: unknown): Trouble | null {
  return error instanceof Refused ? error.problem : null;
}

export interface Read<Value> {
  value: Value | undefined;
  problem: Trouble | null;
  isLoading: boolean;
  again: () => void;
}

export interface ReadOptions {
  /** How often it is read anew while the page is seen. */
  everyMs?: number;
  isWanted?: boolean;
}

/** Reads once, and again `everyMs`; the last value of the same thing stays while a new one is on its way. */
export function useRead<Name extends CallName>(
  name: Name,
  request: Request<Name>,
  { everyMs, isWanted = true }: ReadOptions = {},
): Read<AnswerOf<Name>> {
  const query = useQuery({
    queryKey: [name, request],
    queryFn: async ({ signal }) => valueOf(await call(name, request, signal)),
    enabled: isWanted,
    placeholderData: keptFor(request),
    refetchInterval: everyMs ?? false,
  });
  return {
    value: query.data,
    problem: problemOf(query.error),
    isLoading: query.isLoading,
    again: () => void query.refetch(),
  };
}

type ItemOf<Name extends CallName> =
  AnswerOf<Name> extends { items: (infer Item)[]; nextCursor: string | null } ? Item : never;

export interface Paged<Item> {
  items: readonly Item[];
  problem: Trouble | null;
  isLoading: boolean;
  isLoadingMore: boolean;
  hasMore: boolean;
  more: () => void;
  again: () => void;
  /** All pages up to `most` items, for an export. */
  all: (most: number) => Promise<Outcome<{ items: Item[]; isCut: boolean }>>;
}

/** A list of the contract, page by page. */
export function usePages<Name extends CallName>(
  name: Name,
  request: Request<Name>,
  { everyMs, isWanted = true }: ReadOptions = {},
): Paged<ItemOf<Name>> {
  type Page = { items: ItemOf<Name>[]; nextCursor: string | null };
  const page = async (cursor: string | null, limit: number, signal?: AbortSignal): Promise<Outcome<Page>> => {
    const query = { ...(request.query as object | undefined), limit, ...(cursor !== null && { cursor }) };
    return (await call(name, { ...request, query }, signal)) as Outcome<Page>;
  };
  const query = useInfiniteQuery({
    queryKey: [name, request, "pages"],
    queryFn: async ({ pageParam, signal }) => valueOf(await page(pageParam, PAGE_ITEMS, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page) => last.nextCursor,
    enabled: isWanted,
    placeholderData: keptFor(request),
    refetchInterval: everyMs ?? false,
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items) ?? [],
    problem: problemOf(query.error),
    isLoading: query.isLoading,
    isLoadingMore: query.isFetchingNextPage,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    again: () => void query.refetch(),
    async all(most) {
      const items: ItemOf<Name>[] = [];
      for (let cursor: string | null = null; ; ) {
        const outcome: Outcome<Page> = await page(cursor, EXPORT_PAGE_ITEMS);
        if (!outcome.ok) return outcome;
        items.push(...outcome.value.items);
        cursor = outcome.value.nextCursor;
        if (cursor === null || items.length >= most) {
          return { ok: true, value: { items: items.slice(0, most), isCut: cursor !== null } };
        }
      }
    },
  };
}

const PAGE_ITEMS = 50;
const EXPORT_PAGE_ITEMS = 200;

export interface Change<Name extends CallName> {
  /** Runs it, and makes what was read of `touches` be read again. */
  run: (request: Request<Name>) => Promise<Outcome<AnswerOf<Name>>>;
  isRunning: boolean;
  /** Of the last run, when it was done. */
  answer: AnswerOf<Name> | undefined;
  /** Of the last run. */
  problem: Trouble | null;
  forget: () => void;
}

/** @param touches the reads that may tell something else afterwards, also when it was refused */
export function useChange<Name extends CallName>(
  name: Name,
  touches: readonly CallName[] = [],
): Change<Name> {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: (request: Request<Name>) => call(name, request),
    onSettled: () => {
      for (const touched of touches) void client.invalidateQueries({ queryKey: [touched] });
    },
  });
  const outcome = mutation.data;
  return {
    run: mutation.mutateAsync,
    isRunning: mutation.isPending,
    answer: outcome?.ok === true ? outcome.value : undefined,
    problem: outcome === undefined || outcome.ok ? null : outcome.problem,
    forget: mutation.reset,
  };
}
