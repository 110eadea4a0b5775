// The files that pages load: styles, scripts and pictures, read once at the start.

import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Reply } from "./exchange.ts";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** By their path. @throws when one cannot be read */
export async function readPageFiles(): Promise<Map<string, Reply>> {
  const folder = new URL("./page/", import.meta.url);
  const files = new Map<string, Reply>();
  for (const name of await readdir(folder)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const headers: Record<string, string> = { "content-type": type, "cache-control": "public, max-age=300" };
    // The waiting room shows the picture on its own page.
    if (name === "product.svg") headers["cross-origin-resource-policy"] = "cross-origin";
    files.set(`/${name}`, { status: 200, headers, body: await readFile(new URL(name, folder)) });
  }
  return files;
}
