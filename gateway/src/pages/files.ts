// Files that are built once and served for ever: read at start, so that a request never touches the disk and
// no path of a request ever becomes a path of the disk.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Head } from "../edge/head.ts";
import type { Answer } from "../edge/reply.ts";

const TYPES: Record<string, string> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
};
/** Below this a compressed file saves no packet. */
const COMPRESS_BYTES_MIN = 1_024;
const COMPRESSED_TYPES = /^(text|application\/json|image\/svg)/;

export interface ServedFile {
  body: Buffer;
  gzip: Buffer | null;
  contentType: string;
  etag: string;
}

export function servedFile(name: string, body: Buffer): ServedFile {
  const contentType = TYPES[extname(name)] ?? "application/octet-stream";
  return {
    body,
    gzip: body.length >= COMPRESS_BYTES_MIN && COMPRESSED_TYPES.test(contentType) ? gzipSync(body) : null,
    contentType,
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
  };
}

/** Every file below a folder, by its address under `prefix`; empty when the folder is not there. */
export function readFiles(folder: string, prefix: string): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address =
      prefix +
      path
        .slice(folder.length)
        .replace(/^[\\/]/, "")
        .replaceAll("\\", "/");
    files.set(address, servedFile(entry.name, readFileSync(path)));
  }
  return files;
}

/** @param cacheControl how long a browser may keep it */
export function fileAnswer(file: ServedFile, head: Head, cacheControl: string): Answer {
  const headers: [string, string][] = [["etag", file.etag]];
  if (file.gzip !== null) headers.push(["vary", "accept-encoding"]);
  if (head.ifNoneMatch === file.etag) {
    return { ok: true, status: 304, body: "", contentType: file.contentType, cacheControl, headers };
  }
  const zipped = file.gzip !== null && /\bgzip\b/.test(head.acceptEncoding) ? file.gzip : null;
  if (zipped !== null) headers.push(["content-encoding", "gzip"]);
  return {
    ok: true,
    status: 200,
    body: zipped ?? file.body,
    contentType: file.contentType,
    cacheControl,
    headers,
  };
}
