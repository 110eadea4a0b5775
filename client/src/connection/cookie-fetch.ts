// Outside of a browser nobody keeps cookies, and an anonymous shopper is a cookie: this keeps the gateway's.

/** A `fetch` that brings back what it was given, for one gateway and one shopper. */
export function cookieFetch(): (address: string, init: RequestInit) => Promise<Response> {
  const kept = new Map<string, string>();
  return async (address, init) => {
    const headers = new Headers(init.headers);
    if (kept.size > 0) headers.set("cookie", [...kept.values()].join("; "));
    const response = await fetch(address, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      kept.set(pair.split("=", 1)[0] ?? "", pair);
    }
    return response;
  };
}
