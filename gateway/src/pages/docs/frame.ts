// The frame around each page of the documentation: contents at the side, the page, nothing from elsewhere.
import { escapeHtml } from "@dropgate/web/escape";
import { addressOf, type GuideSection } from "./render-guide.ts";

export interface Frame {
  title: string;
  /** HTML. */
  main: string;
  contents: readonly GuideSection[];
  /** Of this page. */
  address: string;
  /** Whether the API reference is on it. */
  reference: boolean;
}

const OF_REFERENCE = {
  title: "Reference of the API",
  guides: [
    { address: "/docs#reference", title: "Every call" },
    { address: "/docs/problems", title: "Problems" },
  ],
};

/** A whole HTML document. Pure. */
export function frame({ title, main, contents, address, reference }: Frame): string {
  const head = [
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)} · Dropgate</title>`,
    reference ? '<link rel="stylesheet" href="/docs/swagger-ui.css">' : "",
    '<link rel="stylesheet" href="/docs/docs.css"><script type="module" src="/docs/docs.js"></script>',
  ];
  const scripts = reference
    ? '<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/reference.js"></script>'
    : "";
  return (
    `<!doctype html><html lang="en"><head>${head.join("")}</head><body>` +
    `<a class="skip" href="${address}#main">Skip to the page</a>` +
    '<header><a class="brand" href="/docs">Dropgate</a> <span>documentation</span></header>' +
    `<div class="site">${nav(contents, address)}<main id="main" tabindex="-1">${main}</main></div>` +
    `${scripts}</body></html>`
  );
}

function nav(contents: readonly GuideSection[], address: string): string {
  const sections = contents.map(({ title, guides }) => ({
    title,
    guides: guides.flatMap((guide) => {
      const at = addressOf(guide.path);
      return at === null ? [] : [{ address: at, title: guide.title }];
    }),
  }));
  const lists = [...sections, OF_REFERENCE].map(({ title, guides }) => {
    const items = guides.map((guide) => {
      const current = guide.address === address ? ' aria-current="page"' : "";
      return `<li><a href="${guide.address}"${current}>${escapeHtml(guide.title)}</a></li>`;
    });
    return `<h2>${escapeHtml(title)}</h2><ul>${items.join("")}</ul>`;
  });
  return `<nav aria-label="Contents"><details open><summary>Contents</summary>${lists.join("")}</details></nav>`;
}
