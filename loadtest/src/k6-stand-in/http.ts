// Stands in for k6/http in the tests: real requests, with k6's own ways, which differ from fetch: it resolves for a
// connection that broke, writes header names as Go does, and keeps cookies for the VU unless it is given a jar.

import { nodeSurroundings } from "../node-surroundings.ts";

interface Params {
  headers?: Record<string, string>;
  jar?: CookieJar;
}

class CookieJar {
  cookies = "";
}

const world = nodeSurroundings();
const ofTheVu = new CookieJar();

async function asyncRequest(method: string, url: string, body: string | null, params: Params = {}) {
  const jar = params.jar ?? ofTheVu;
  const headers = { ...params.headers, ...(jar.cookies !== "" && { cookie: jar.cookies }) };
  try {
    const answer = await world.fetch(url, { method, headers, ...(body !== null && { body }) });
    const cookie = answer.headers.get("set-cookie");
    if (cookie !== null) jar.cookies = cookie.split(";")[0] ?? "";
    return {
      status: answer.status,
      error: "",
      headers: cookie === null ? {} : { "Set-Cookie": cookie },
      body: await answer.text(),
    };
  } catch (error) {
    return { status: 0, error: String(error), headers: {}, body: null };
  }
}

export default { asyncRequest, CookieJar };
