// Everything below /docs: the guides, the API reference (Swagger UI from our own dependencies over our own
// /openapi.json), and the catalogue of refusals to which every problem's `type` points. All of it offline.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { REFUSALS, type RefusalKind } from "@dropgate/contracts/refusals";
import type { Head } from "../../edge/head.ts";
import type { Reply } from "../../edge/reply.ts";
import { fileAnswer, readFiles, type ServedFile, servedFile } from "../files.ts";
import { html } from "../html.ts";
import { type Frame, frame } from "./frame.ts";
import { type Guides, readGuides } from "./guides.ts";

const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";
/** Swagger UI writes style attributes; nothing else is looser than on our own pages. */
const OF_REFERENCE =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const REFERENCE =
  '<h2 id="reference">API reference</h2>' +
  '<p>Every call, from the contract itself: <a href="/openapi.json">openapi.json</a>. What each refusal means ' +
  'stands under <a href="/docs/problems">problems</a>.</p><div id="swagger"></div>';

const SITE = fileURLToPath(new URL("./site/", import.meta.url));
const KEPT = "public, max-age=3600";

interface Docs {
  guides: Guides;
  files: ReadonlyMap<string, ServedFile>;
}

let docs: Docs | null = null;

/** Read when somebody first wants them: two megabytes that most gateways never serve. */
function readDocs(): Docs {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const names = ["swagger-ui.css", "swagger-ui-bundle.js"];
  const files = readFiles(SITE, "/docs/");
  for (const name of names) files.set(`/docs/${name}`, servedFile(name, readFileSync(join(folder, name))));
  return { guides: readGuides(), files };
}

/** @returns null for what is none of the site's */
export function docsPage(head: Head): Reply | null {
  docs ??= readDocs();
  const { guides, files } = docs;
  const path = head.path.length > 1 && head.path.endsWith("/") ? head.path.slice(0, -1) : head.path;
  const page = (told: Omit<Frame, "contents" | "address">): string =>
    frame({ ...told, contents: guides.contents, address: path });
  const guide = guides.pages.get(path);
  if (path === "/docs") {
    const title = guide?.title ?? "Documentation";
    const body = page({ title, main: (guide?.html ?? `<h1>${title}</h1>`) + REFERENCE, reference: true });
    return html(200, body, OF_REFERENCE);
  }
  if (path === "/docs/problems") {
    return html(200, page({ title: "Problems", main: problems(), reference: false }), STRICT);
  }
  if (guide) return html(200, page({ title: guide.title, main: guide.html, reference: false }), STRICT);
  const file = files.get(path) ?? guides.pictures.get(path);
  return file ? fileAnswer(file, head, KEPT) : null;
}

function problems(): string {
  const sections = Object.entries(REFUSALS as Record<string, RefusalKind>).map(
    ([code, { status, title, detail }]) =>
      `<section id="${code}"><h2><code>${code}</code> ${status}</h2><p>${title}. ${detail}</p></section>`,
  );
  return `<h1>Problems</h1><p>What a call may be refused with, and what to do.</p>${sections.join("")}`;
}
