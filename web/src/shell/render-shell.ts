// The page as it leaves the server: what is being sold, for how much, and when, readable before any script has run
// and without one, in the reader's language. The gateway fills the built index.html with it; the script then takes
// over in the same layout.

import { webAddress } from "@dropgate/client/room/checkout-address";
import { RIGHT_TO_LEFT } from "@dropgate/contracts/languages";
import type { Sale } from "@dropgate/contracts/sale";
import type { Theme, ThemeTexts } from "@dropgate/contracts/theme";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../texts/languages.ts";
import { escapeHtml, firstLetter, jsonForScript } from "./escape.ts";
import { SHELL_TEXTS } from "./shell-texts.ts";
import { brandPart, themeData, themeHead } from "./theme-parts.ts";

/**
 * The header that the page wants. Nothing inline, nothing from elsewhere but the product's picture, which a merchant
 * may keep anywhere (plain http too: a page on https is upgraded by the browser). 'self' covers the socket.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: http:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/**
 * The same for the card in a merchant's page.
 * @param origins of the pages that may show it; what is no origin is left out
 */
export function policyFramedBy(origins: readonly string[]): string {
  const good = origins.filter((origin) => /^https?:\/\/[^\s;,'"/]+\/?$/i.test(origin));
  return CONTENT_SECURITY_POLICY.replace(
    "frame-ancestors 'self'",
    ["frame-ancestors 'self'", ...good].join(" "),
  );
}

/** What index.html holds in the places that are filled. */
export const PLACEHOLDERS =
  /<html lang="en" dir="ltr">|<!--dropgate:(head|languages|brand|sale|facts|data)(?: ([^>]*))?-->/g;

interface Parts {
  head: string;
  /** The way to the other languages. */
  languages: string;
  /** Above everything, where the operator has a theme. */
  brand: string;
  /** Replaced by the script. */
  sale: string;
  /** Stays as it is. */
  facts: string;
  data: string;
}

/**
 * Fills the built page for one sale.
 * @param template `web/dist/index.html`
 * @param sale what `GET /sales/{saleId}` answers, or null when there is no such sale (send it with status 404)
 * @param theme how the operator has it look
 */
export function renderShell(
  template: string,
  sale: Sale | null,
  language: Language = "en",
  theme: ShellTheme = { sheet: null },
): string {
  const words = theme.texts?.[language] ?? theme.texts?.en ?? {};
  const parts: Parts = {
    ...(sale === null ? unknownSale(language) : knownSale(sale, language, theme, words)),
    brand: brandPart(theme, words),
  };
  parts.head += themeHead(theme);
  // In one pass and by a function: a title that looks like a placeholder, or like `$&`, stays a title.
  return template.replace(PLACEHOLDERS, (_placeholder, name?: keyof Parts, built?: string) => {
    if (name === undefined)
      return `<html lang="${language}" dir="${RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr"}">`;
    return name === "head" ? parts.head + textsAhead(built, language) : parts[name];
  });
}

/** The theme, and where its style sheet is; null where the page's own colours stand. */
export type ShellTheme = Theme & { sheet: string | null };

/** The words' files are asked for together with the script that will want them. @param built `en=/…,/…` for each */
function textsAhead(built: string | undefined, language: Language): string {
  const files = built?.split(" ").find((each) => each.startsWith(`${language}=`));
  const links = files?.slice(language.length + 1).split(",") ?? [];
  return links.map((file) => `<link rel="modulepreload" href="${file}">`).join("");
}

function unknownSale(language: Language): Omit<Parts, "brand"> {
  const { title, text } = SHELL_TEXTS[language].page.page.unknown;
  return {
    head: `<title>${escapeHtml(title)}</title><meta name="robots" content="noindex">`,
    languages: languages(language),
    sale: `<div class="dg-lost"><h1 class="dg-title">${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></div>`,
    facts: "",
    data: "",
  };
}

function knownSale(sale: Sale, language: Language, theme: Theme, words: ThemeTexts): Omit<Parts, "brand"> {
  const { page, formats } = SHELL_TEXTS[language].page;
  const title = escapeHtml(sale.title);
  const sentence = stateSentence(sale, language);
  const image = webAddress(sale.imageUrl ?? theme.pictureUrl);
  const description = escapeHtml(sale.description?.slice(0, 300) ?? sentence);
  const picture =
    image === null
      ? `<p class="dg-monogram" aria-hidden="true">${escapeHtml(firstLetter(sale.title))}</p>`
      : `<img class="dg-image" src="${escapeHtml(image)}" alt="" width="1200" height="1200" fetchpriority="high">`;
  const price =
    sale.price === undefined ? "" : `<p class="dg-price">${escapeHtml(formats.money(sale.price))}</p>`;
  const message = sale.message === undefined ? "" : `<p class="dg-message">${escapeHtml(sale.message)}</p>`;
  const { noScript } = SHELL_TEXTS[language].shell;
  return {
    head:
      `<title>${escapeHtml(page.title(sale.title))}</title>` +
      `<meta name="description" content="${description}">` +
      (sale.rehearsal === true ? '<meta name="robots" content="noindex">' : "") +
      `<meta property="og:title" content="${title}">` +
      (image === null ? "" : `<meta property="og:image" content="${escapeHtml(image)}">`),
    languages: languages(language),
    sale:
      `<div class="dg-picture">${picture}</div>` +
      `<div class="dg-side"><header class="dg-product"><h1 class="dg-title">${title}</h1>${price}` +
      `<p class="dg-terms">${escapeHtml(page.terms(sale.quantity, sale.limitPerShopper))}</p></header>` +
      `<section class="dg-card"><h2 class="dg-headline">${escapeHtml(sentence)}</h2>${message}` +
      `<noscript><p class="dg-message">${escapeHtml(noScript)}</p></noscript></section></div>`,
    facts: facts(sale, language),
    data:
      `<script type="application/json" id="sale">${jsonForScript(sale)}</script>` + themeData(theme, words),
  };
}

/** Plain links in a disclosure of the browser's own: they work before the script and without it. */
function languages(language: Language): string {
  const label = escapeHtml(SHELL_TEXTS[language].shell.languages);
  const items = LANGUAGES.map((each) => {
    const current = each === language ? ' aria-current="true"' : "";
    return `<li><a href="?lang=${each}" lang="${each}" hreflang="${each}"${current}>${LANGUAGE_NAMES[each]}</a></li>`;
  });
  return (
    `<nav class="dg-languages" aria-label="${label}"><details><summary>${LANGUAGE_NAMES[language]}</summary>` +
    `<ul>${items.join("")}</ul></details></nav>`
  );
}

/** One sentence on where the sale is, true for as long as the page may have been kept in a cache. */
function stateSentence(sale: Sale, language: Language): string {
  const { sentences } = SHELL_TEXTS[language].shell;
  const isBefore = sale.phase === "scheduled" || sale.phase === "lobby" || sale.phase === "drawing";
  if (sale.kind === "rush" && isBefore) return sentences.rush(Date.parse(sale.schedule.opensAt));
  if (sale.phase === "scheduled") return sentences.scheduled(Date.parse(sale.schedule.lobbyAt));
  if (sale.phase === "lobby") return sentences.lobby(Date.parse(sale.schedule.drawAt));
  return sentences[sale.phase];
}

/** Below the card: what the product is, how the line works, and how anyone can check the draw. */
function facts(sale: Sale, language: Language): string {
  const { how, draw, rush, rehearsal } = SHELL_TEXTS[language].shell;
  const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
  const about = (sale.description ?? "").split(/\n+/).filter((text) => text.trim() !== "");
  const proof = escapeHtml(`/api/v1/sales/${sale.id}/draw`);
  const begin =
    // Fixed above everything: whoever gets here by mistake must not take it for the sale.
    (sale.rehearsal === true ? `<p class="dg-rehearsal" role="note">${escapeHtml(rehearsal)}</p>` : "") +
    `<div class="dg-facts">` +
    (about.length === 0 ? "" : `<div class="dg-about">${about.map(paragraph).join("")}</div>`);
  // Without a line there is nothing drawn.
  if (sale.kind === "rush") {
    return `${begin}<section><h2>${escapeHtml(rush.title)}</h2>${rush.facts.map(paragraph).join("")}</section></div>`;
  }
  return (
    begin +
    `<section><h2>${escapeHtml(how.title)}</h2>${how.facts.map(paragraph).join("")}</section>` +
    `<section id="draw"><h2>${escapeHtml(draw.title)}</h2>${paragraph(draw.text)}` +
    `<p>${escapeHtml(draw.fingerprint)}<br><code>${escapeHtml(sale.draw.commitment)}</code></p>` +
    // Seen once the script can answer it; its room is kept.
    `<div id="draw-check"><button type="button" class="dg-check">${escapeHtml(draw.here)}</button></div>` +
    `<p>${escapeHtml(draw.how)} <a href="${proof}">${escapeHtml(draw.proof)}</a> · ` +
    `<a href="${proof}/entries">${escapeHtml(draw.list)}</a></p>` +
    `<p><code>npx pnpm verify-draw draw.json entries.ndjson</code></p></section></div>`
  );
}
