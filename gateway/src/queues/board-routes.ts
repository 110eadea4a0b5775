// What Bull's board gives a server to serve: its routes, matched and called by plain values. It has adapters for other
// servers, none for ours; this is all that one has to do.
import type { BullBoardQueues, IServerAdapter, UIConfig } from "@bull-board/api/typings/app";

type Routes = Parameters<IServerAdapter["setApiRoutes"]>[0];
type View = Parameters<IServerAdapter["setEntryRoute"]>[0];
type OnError = Parameters<IServerAdapter["setErrorHandler"]>[0];

/** A call of the board's page, its path as it stands behind the board's own. */
export interface BoardCall {
  method: string;
  path: string;
  query: string;
  body: unknown;
}

export interface BoardAnswer {
  status: number;
  body: unknown;
}

interface Pattern {
  method: string;
  segments: readonly string[];
  call: Routes[number]["handler"];
}

export class BoardRoutes implements IServerAdapter {
  queues: BullBoardQueues = new Map();
  ui: UIConfig = {};
  /** Where the built page and its files lie. */
  viewsPath = "";
  staticPath = "";
  #view: readonly (readonly string[])[] = [];
  #patterns: readonly Pattern[] = [];
  #onError: OnError = () => ({ status: 500, body: {} });

  setQueues(queues: BullBoardQueues): this {
    this.queues = queues;
    return this;
  }

  setViewsPath(path: string): this {
    this.viewsPath = path;
    return this;
  }

  setStaticPath(_route: string, path: string): this {
    this.staticPath = path;
    return this;
  }

  setEntryRoute({ route }: View): this {
    this.#view = listOf(route).map(segmentsOf);
    return this;
  }

  setErrorHandler(handler: OnError): this {
    this.#onError = handler;
    return this;
  }

  setApiRoutes(routes: Routes): this {
    this.#patterns = routes.flatMap((each) =>
      listOf(each.method).flatMap((one) =>
        listOf(each.route).map((path) => ({
          method: one.toUpperCase(),
          segments: segmentsOf(path),
          call: (request) => each.handler(request),
        })),
      ),
    );
    return this;
  }

  setUIConfig(config: UIConfig): this {
    this.ui = config;
    return this;
  }

  /** Whether an address is one that the page itself makes something of. */
  isPage(path: string): boolean {
    return this.#view.some((segments) => matched(segments, segmentsOf(path)) !== null);
  }

  /** Null: there is nothing at this address, or not for this method. */
  async answer({ method, path, query, body }: BoardCall): Promise<BoardAnswer | null> {
    const segments = segmentsOf(path);
    for (const pattern of this.#patterns) {
      const params = pattern.method === method ? matched(pattern.segments, segments) : null;
      if (params === null) continue;
      try {
        const { status = 200, body: said } = await pattern.call({
          queues: this.queues,
          uiConfig: this.ui,
          params,
          query: queryOf(query),
          body: isRecord(body) ? body : {},
          headers: {},
        });
        return { status, body: said };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { status = 500, body: said } = this.#onError(error);
        return { status, body: said };
      }
    }
    return null;
  }
}

function listOf<One>(oneOrMany: One | readonly One[]): readonly One[] {
  return Array.isArray(oneOrMany) ? (oneOrMany as readonly One[]) : [oneOrMany as One];
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** The parameters of a path that fits; null when it does not. */
function matched(pattern: readonly string[], path: readonly string[]): Record<string, string> | null {
  if (pattern.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [i, segment] of pattern.entries()) {
    const given = path[i] ?? "";
    if (!segment.startsWith(":")) {
      if (segment !== given) return null;
      continue;
    }
    try {
      params[segment.slice(1)] = decodeURIComponent(given);
    } catch {
      return null;
    }
  }
  return params;
}

/** A name that stands twice is a list, as the servers it was made for have it. */
function queryOf(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  const read = new URLSearchParams(text);
  for (const name of new Set(read.keys())) {
    const [first = "", ...more] = read.getAll(name);
    Object.defineProperty(query, name, {
      value: more.length === 0 ? first : [first, ...more],
      enumerable: true,
    });
  }
  return query;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
