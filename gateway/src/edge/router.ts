// Finds the endpoint of a request in a tree made from the contract's list.
import { ENDPOINTS, type EndpointName } from "@dropgate/contracts/endpoints";

interface Branch {
  /** Next segments by their text; the one for `{name}` apart. */
  fixed: Map<string, Branch>;
  parameter: { name: string; next: Branch } | null;
  /** Endpoints that end here, by method. */
  methods: Map<string, EndpointName>;
}

export type Route =
  | { found: "endpoint"; name: EndpointName; parameters: Record<string, string> }
  /** There is something at this address, but not for this method. */
  | { found: "methods"; methods: readonly string[]; names: readonly EndpointName[] }
  | { found: "nothing" };

function newBranch(): Branch {
  return { fixed: new Map(), parameter: null, methods: new Map() };
}

function grow(root: Branch, path: string): Branch {
  let at = root;
  for (const segment of path.slice(1).split("/")) {
    if (segment.startsWith("{")) {
      at.parameter ??= { name: segment.slice(1, -1), next: newBranch() };
      at = at.parameter.next;
    } else {
      let next = at.fixed.get(segment);
      if (!next) {
        next = newBranch();
        at.fixed.set(segment, next);
      }
      at = next;
    }
  }
  return at;
}

const root = newBranch();
for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
  grow(root, ENDPOINTS[name].path).methods.set(ENDPOINTS[name].method, name);
}

const nothing: Route = { found: "nothing" };

/** @param path as it stands in the request line, without the query */
export function route(method: string, path: string): Route {
  let at: Branch | undefined = root;
  let parameters: Record<string, string> | undefined;
  let from = 1;
  while (at !== undefined) {
    const slash = path.indexOf("/", from);
    const segment: string = slash === -1 ? path.slice(from) : path.slice(from, slash);
    const fixed: Branch | undefined = at.fixed.get(segment);
    if (fixed !== undefined) {
      at = fixed;
    } else if (at.parameter !== null && segment !== "") {
      parameters ??= {};
      parameters[at.parameter.name] = decoded(segment);
      at = at.parameter.next;
    } else {
      return nothing;
    }
    if (slash === -1) break;
    from = slash + 1;
  }
  if (at === undefined || at.methods.size === 0) return nothing;
  const name = at.methods.get(method) ?? (method === "HEAD" ? at.methods.get("GET") : undefined);
  if (name !== undefined) return { found: "endpoint", name, parameters: parameters ?? {} };
  return { found: "methods", methods: [...at.methods.keys()], names: [...at.methods.values()] };
}

function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
