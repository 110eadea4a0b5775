// What a browser is shown: the waiting room of a sale, the way to it, and the files they are made of.
import { fileURLToPath } from "node:url";
import { ID_PATTERN } from "@dropgate/contracts/ids";
import { refuse } from "@dropgate/contracts/refusals";
import type { Phase } from "@dropgate/contracts/states/phase";
import { listSales } from "@dropgate/sql/sales/sale-row";
import { isLanguage, LANGUAGE_COOKIE, type Language, languageFor } from "@dropgate/web/languages";
import { CONTENT_SECURITY_POLICY, policyFramedBy, renderShell } from "@dropgate/web/shell";
import type { Head } from "../edge/head.ts";
import type { Reply } from "../edge/reply.ts";
import { knownSaleView } from "../sales/sale-view.ts";
import type { Services } from "../services.ts";
import { consolePage } from "./console.ts";
import { docsPage } from "./docs/docs-page.ts";
import { fileAnswer, readFiles, servedFile } from "./files.ts";
import { html } from "./html.ts";

const WEB_DIST = fileURLToPath(new URL("../../../web/dist/", import.meta.url));
/** Whose names change with what is in them. */
const HASHED = /^\/(console\/)?assets\//;
const IMMUTABLE = "public, max-age=31536000, immutable";

export type PageOf = (head: Head, setCookie: (cookie: string) => void) => Reply | Promise<Reply> | null;

/** @param folder where the built page lies */
export function pages(services: Services, folder = WEB_DIST): PageOf {
  const files = readFiles(folder, "/");
  const template = files.get("/index.html")?.body.toString() ?? null;
  files.delete("/index.html");
  const console = consolePage(files);

  return (head, setCookie) => {
    const { path } = head;
    const file = files.get(path);
    if (file) return fileAnswer(file, head, HASHED.test(path) ? IMMUTABLE : "public, max-age=300");
    if (path === "/") return frontPage(services);
    if (path.startsWith("/s/")) return salePage(services, template, head, setCookie);
    if (path.startsWith("/theme/")) return themePage(services, head);
    if (path === "/console" || path.startsWith("/console/")) return console(path);
    if (path === "/docs" || path.startsWith("/docs/")) return docsPage(head);
    return null;
  };
}

async function salePage(
  services: Services,
  template: string | null,
  head: Head,
  setCookie: (cookie: string) => void,
): Promise<Reply> {
  const saleId = head.path.slice("/s/".length);
  if (template === null) {
    return refuse("NOT_FOUND", { detail: "The page was not built: run `npx pnpm build`." });
  }
  const sale = ID_PATTERN.test(saleId) ? await services.sales.find(saleId) : null;
  const isEmbedded = new URLSearchParams(head.query).has("embed");
  if (sale !== null && services.callers.cookies.read(head.cookie) === null) {
    const { cookies } = services.callers;
    setCookie(isEmbedded ? cookies.freshInFrame() : cookies.fresh());
  }
  const { language, chosen } = languageOf(head);
  const { theme, sheet } = await services.themes.of(saleId);
  const body = renderShell(template, sale === null ? null : knownSaleView(sale, Date.now()), language, {
    ...theme,
    sheet: sheet?.path ?? null,
  });
  const policy = isEmbedded ? policyFramedBy(services.settings.ALLOWED_ORIGINS) : CONTENT_SECURITY_POLICY;
  const answer = html(sale === null ? 404 : 200, body, policy);
  const headers: [string, string][] = [
    ["content-language", language],
    ["vary", "accept-language, cookie"],
  ];
  if (chosen) headers.push(["set-cookie", `${LANGUAGE_COOKIE}=${language}; ${KEPT_FOR_A_YEAR}`]);
  return { ...answer, headers: [...(answer.headers ?? []), ...headers] };
}

const KEPT_FOR_A_YEAR = "Path=/; Max-Age=31536000; SameSite=Lax";

/** The page's language; `chosen` when the address asks for it, which is kept for the next visit. */
function languageOf(head: Head): { language: Language; chosen: boolean } {
  const asked = new URLSearchParams(head.query).get("lang");
  const kept = new RegExp(`(?:^|;) *${LANGUAGE_COOKIE}=([a-z]{2})(?:;|$)`).exec(head.cookie)?.[1] ?? null;
  return { language: languageFor(asked, kept, head.acceptLanguage), chosen: isLanguage(asked ?? undefined) };
}

/** A theme's sheet: its address is made of what is in it. */
async function themePage({ themes }: Services, head: Head): Promise<Reply> {
  const sheet = await themes.sheetAt(head.path);
  if (sheet === null) return refuse("NOT_FOUND");
  return fileAnswer(servedFile("theme.css", Buffer.from(sheet.css)), head, IMMUTABLE);
}

/** Nearer to a shopper's interest first. */
const INTEREST: readonly Phase[] = ["live", "paused", "drawing", "lobby", "scheduled", "sold_out", "closed"];
const SALES_SHOWN = 20;

/** One open sale: there; several: a plain list. */
async function frontPage(services: Services): Promise<Reply> {
  const page = await listSales(services.truth, null, SALES_SHOWN, "without");
  const shown = page
    .map(({ sale }) => sale)
    .toSorted((one, other) => INTEREST.indexOf(one.phase) - INTEREST.indexOf(other.phase));
  const open = shown.filter((sale) => sale.phase !== "closed");
  const only = open.length === 1 ? open[0] : undefined;
  if (only) {
    return { ...html(302, "", CONTENT_SECURITY_POLICY), headers: [["location", `/s/${only.id}`]] };
  }
  const items = (open.length > 0 ? open : shown).map(
    (sale) => `<li><a href="/s/${escape(sale.id)}">${escape(sale.title)}</a></li>`,
  );
  const list = items.length === 0 ? "<p>There is no sale yet.</p>" : `<ul>${items.join("")}</ul>`;
  const body =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width"><title>Sales</title></head>' +
    `<body><main><h1>Sales</h1>${list}<p><a href="/docs">API reference</a></p></main></body></html>`;
  return html(200, body, CONTENT_SECURITY_POLICY);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
