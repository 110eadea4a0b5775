// µWebSockets.js is a native binary; on a Node it was not built for, its package silently hands out a JavaScript
// imitation without `publish`, whose sockets hang. So it is loaded here only, after a check that says what to do.

import type * as Uws from "uWebSockets.js";
import { createRequire } from "node:module";

/** Node 20's number for its binary interface; the binaries we install and test are built for it. */
const NODE_MODULES_VERSION = "115";

/**
 * Why µWebSockets.js cannot run here, as a sentence that says what to do; undefined when it can.
 * @param versions `process.versions`
 * @param env `process.env`: `UWS_USE_FALLBACK` asks the package for its imitation
 */
export function uwsRefusal(
  versions: { node: string; modules: string },
  env: Record<string, string | undefined>,
): string | undefined {
  if (versions.modules !== NODE_MODULES_VERSION) {
    return (
      `The gateway runs on Node 20 (module version ${NODE_MODULES_VERSION}), but this is Node ${versions.node} ` +
      `(module version ${versions.modules}), for which µWebSockets.js has no binary here: ` +
      "start it with Node 20, for example `nvm install 20 && nvm use 20`."
    );
  }
  if (/^(1|true)$/i.test(env["UWS_USE_FALLBACK"] ?? "")) {
    return "UWS_USE_FALLBACK asks for µWebSockets' JavaScript imitation, which cannot publish: unset it.";
  }
  return undefined;
}

/** The native µWebSockets.js. Throws an Error with {@link uwsRefusal}'s sentence where it cannot run. */
export function requireUws(): typeof Uws {
  const refusal = uwsRefusal(process.versions, process.env);
  if (refusal !== undefined) throw new Error(refusal);
  const uws: typeof Uws = createRequire(import.meta.url)("uWebSockets.js");
  // The imitation lacks getParts; it also appears when the binary does not load (an unknown platform, an old libc).
  if (!("getParts" in uws)) {
    throw new Error(
      `µWebSockets.js has no binary that loads on ${process.platform}-${process.arch}: ` +
        "run the gateway on Linux, macOS or Windows (x64, or arm64 on the first two) with a current C library.",
    );
  }
  return uws;
}
