// The API reference, offline: Swagger UI from our own dependencies over our own /openapi.json, and the
// catalogue of refusals to which every problem's `type` points.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { REFUSALS, type RefusalKind } from "@dropgate/contracts/refusals";
import type { Head } from "../edge/head.ts";
import type { Reply } from "../edge/reply.ts";
import { fileAnswer, type ServedFile, servedFile } from "./files.ts";
import { html } from "./html.ts";

/** Swagger UI writes style attributes; nothing else is looser than on our own pages. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dropgate API</title>' +
  '<meta name="viewport" content="width=device-width">' +
  '<link rel="stylesheet" href="/docs/swagger-ui.css"></head>' +
  '<body><div id="reference"></div><script src="/docs/swagger-ui-bundle.js"></script>' +
  '<script src="/docs/reference.js"></script></body></html>';

const SCRIPT =
  'SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null });\n';

let files: Map<string, ServedFile> | null = null;

function readReference(): Map<string, ServedFile> {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const names = ["swagger-ui.css", "swagger-ui-bundle.js"];
  const read = new Map(
    names.map((name) => [`/docs/${name}`, servedFile(name, readFileSync(join(folder, name)))]),
  );
  return read.set("/docs/reference.js", servedFile("reference.js", Buffer.from(SCRIPT)));
}

export function docsPage(head: Head): Reply | null {
  if (head.path === "/docs" || head.path === "/docs/") return html(200, PAGE, CONTENT_SECURITY_POLICY);
  if (head.path === "/docs/problems") return html(200, problemsPage(), CONTENT_SECURITY_POLICY);
  // Read when somebody first wants them: a megabyte and a half that most gateways never serve.
  files ??= readReference();
  const file = files.get(head.path);
  return file ? fileAnswer(file, head, "public, max-age=3600") : null;
}

function problemsPage(): string {
  const sections = Object.entries(REFUSALS as Record<string, RefusalKind>).map(
    ([code, { status, title, detail }]) =>
      `<section id="${code}"><h2><code>${code}</code> ${status}</h2><p>${title}. ${detail}</p></section>`,
  );
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Problems</title>' +
    '<meta name="viewport" content="width=device-width"></head>' +
    `<body><main><h1>Problems</h1>${sections.join("")}</main></body></html>`
  );
}
