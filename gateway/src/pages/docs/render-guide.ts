// A page of docs/ as HTML: plain Markdown with its relative links made addresses of the site. Pure; what is wrong with
// a link is said by name, so that a test can refuse it.
import { posix } from "node:path";
import Slugger from "github-slugger";
import MarkdownIt from "markdown-it";
import anchor from "markdown-it-anchor";

type Token = ReturnType<InstanceType<typeof MarkdownIt>["parse"]>[number];

export interface Guide {
  /** `docs/concepts/fairness.md`, as it lies in the repository. */
  path: string;
  /** `/docs/concepts/fairness`. */
  address: string;
  title: string;
  html: string;
  /** Of its headings, as GitHub makes them. */
  anchors: ReadonlySet<string>;
  links: readonly GuideLink[];
}

export interface GuideLink {
  /** As it was written. */
  written: string;
  /** The file in the repository that is meant, for a link that stays in it. */
  path: string | null;
  /** Without `#`; empty for none. */
  anchor: string;
}

/** Below this level a heading needs no link of its own. */
const ANCHORED_LEVELS = [2, 3, 4];

/** Where a file of the repository stands on the site; null: nowhere. */
export function addressOf(path: string): string | null {
  if (path === "docs/README.md") return "/docs";
  if (path === "CONTRIBUTING.md") return "/docs/contributing";
  if (/^docs\/.+\.md$/.test(path)) return `/${path.slice(0, -".md".length)}`;
  return /^docs\/.+\.(png|svg)$/.test(path) ? `/${path}` : null;
}

/** What a link means, from the page it stands on. */
export function readLink(written: string, from: string): GuideLink {
  if (/^[a-z]+:/i.test(written)) return { written, path: null, anchor: "" };
  const [file = "", anchor = ""] = written.split("#");
  const path = file === "" ? from : posix.normalize(posix.join(posix.dirname(from), decodeURI(file)));
  return { written, path, anchor };
}

/** @param path of the page in the repository, by which relative links are read */
export function renderGuide(path: string, text: string): Guide {
  const anchors = new Set<string>();
  const links: GuideLink[] = [];
  const slugger = new Slugger();
  const markdown = new MarkdownIt({ html: false });
  markdown.use(anchor, {
    level: ANCHORED_LEVELS,
    slugify: (heading) => {
      const slug = slugger.slug(heading);
      anchors.add(slug);
      return slug;
    },
    permalink: anchor.permalink.headerLink({ safariReaderFix: true }),
  });
  const { rules } = markdown.renderer;
  // Wide things are pushed sideways by themselves, and by keyboard too, so that the page never is.
  rules["table_open"] = () => '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>\n';
  rules["table_close"] = () => "</table></div>\n";
  const code = (tokens: Token[], i: number): string =>
    `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[i]?.content ?? "")}</code></pre>\n`;
  rules["fence"] = code;
  rules["code_block"] = code;
  const image = rules["image"];
  rules["image"] = (tokens, i, ...rest) => {
    const token = tokens[i];
    const link = readLink(String(token?.attrGet("src")), path);
    links.push(link);
    token?.attrSet("src", (link.path === null ? null : addressOf(link.path)) ?? link.written);
    token?.attrSet("loading", "lazy");
    return image?.(tokens, i, ...rest) ?? "";
  };
  const open: boolean[] = [];
  rules["link_open"] = (tokens, i, options, _env, self) => {
    const token = tokens[i];
    const written = String(token?.attrGet("href"));
    // A heading's own link was made by this site.
    const isOwn = token?.attrGet("class") === "header-anchor";
    const link = readLink(written, path);
    if (!isOwn) links.push(link);
    const address = siteAddress(link, path);
    open.push(address !== null);
    if (address === null) return "<span>";
    token?.attrSet("href", address);
    return self.renderToken(tokens, i, options);
  };
  rules["link_close"] = () => (open.pop() === true ? "</a>" : "</span>");

  const html = markdown.render(text);
  const title = /^# (?<title>.+)$/m.exec(text)?.groups?.["title"] ?? path;
  return { path, address: addressOf(path) ?? "/docs", title, html, anchors, links };
}

/** What of the repository is no page of the site is named, and not linked. */
function siteAddress({ written, path, anchor }: GuideLink, from: string): string | null {
  if (path === null) return written;
  const hash = anchor === "" ? "" : `#${anchor}`;
  if (path === from) return hash;
  const address = addressOf(path);
  return address === null ? null : address + hash;
}

export interface GuideSection {
  title: string;
  guides: { path: string; title: string }[];
}

/** The site's contents: the headings and lists of docs/README.md. Pure. */
export function readContents(text: string): GuideSection[] {
  const sections: GuideSection[] = [];
  for (const line of text.split("\n")) {
    const heading = /^## (?<title>.+)$/.exec(line)?.groups?.["title"];
    if (heading !== undefined) sections.push({ title: heading, guides: [] });
    const item = /^- \[(?<title>[^\]]+)\]\((?<file>[^)]+)\)/.exec(line)?.groups;
    if (item === undefined) continue;
    const { path } = readLink(item["file"] ?? "", "docs/README.md");
    if (path !== null) sections.at(-1)?.guides.push({ path, title: item["title"] ?? path });
  }
  return sections;
}
