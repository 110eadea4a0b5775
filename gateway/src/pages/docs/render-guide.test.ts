import { describe, expect, it } from "vitest";
import { addressOf, readContents, readLink, renderGuide } from "./render-guide.ts";

describe("a page of the documentation", () => {
  const render = (text: string): string => renderGuide("docs/concepts/fairness.md", text).html;

  it("has its links as addresses of the site, and names what is no page of it", () => {
    expect(render("[a](../deploy.md#haproxy)")).toContain('<a href="/docs/deploy#haproxy">a</a>');
    expect(render("[a](../README.md)")).toContain('<a href="/docs">a</a>');
    expect(render("[a](../../CONTRIBUTING.md)")).toContain('<a href="/docs/contributing">a</a>');
    expect(render("[a](#below)")).toContain('<a href="#below">a</a>');
    expect(render("[a](../../LICENSE)")).toContain("<span>a</span>");
    expect(render("![a](../images/a.png)")).toContain('src="/docs/images/a.png"');
  });

  it("runs nothing that somebody wrote into it", () => {
    expect(render("<script>alert(1)</script>")).not.toContain("<script");
    expect(render("[a](javascript:alert(1))")).not.toContain("<a");
    expect(render("```sh\n</code><b>\n```")).toContain("&lt;/code&gt;&lt;b&gt;");
  });

  it("has headings that can be linked, each once", () => {
    const { anchors, html } = renderGuide("docs/a.md", "# T\n## `one` Two\n## `one` Two\n");
    expect([...anchors]).toEqual(["one-two", "one-two-1"]);
    expect(html).toContain('id="one-two-1"');
  });

  it("lets wide things be pushed sideways by keyboard", () => {
    expect(render("| a |\n| --- |\n| b |")).toContain('<div class="wide" role="group"');
    expect(render("```\na\n```")).toContain('<pre tabindex="0">');
  });
});

it("links are read from the page they stand on", () => {
  expect(readLink("../deploy.md#a", "docs/concepts/x.md")).toEqual({
    written: "../deploy.md#a",
    path: "docs/deploy.md",
    anchor: "a",
  });
  expect(readLink("https://example.com/a#b", "docs/x.md")).toMatchObject({ path: null });
});

it("files outside of docs have no address", () => {
  expect(["docs/README.md", "docs/a/b.md", "docs/i.svg", "LICENSE", "docs/x.json"].map(addressOf)).toEqual([
    "/docs",
    "/docs/a/b",
    "/docs/i.svg",
    null,
    null,
  ]);
});

it("the contents are the lists of the first page, under their headings", () => {
  expect(readContents("# T\n- [no](no.md)\n## Begin\n- [Start](start.md): soon\n## Run\n")).toEqual([
    { title: "Begin", guides: [{ path: "docs/start.md", title: "Start" }] },
    { title: "Run", guides: [] },
  ]);
});
