// The documentation as a reader has it: every page is found from the first, no link leads nowhere, and what the guide
// to integrating tells to run is run.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage } from "../../stage.ts";
import { readGuides } from "./guides.ts";
import { renderGuide } from "./render-guide.ts";

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
const guides = readGuides(REPOSITORY);
const read = (path: string): string => readFileSync(join(REPOSITORY, path), "utf8");

it("every page is in the contents, once", () => {
  const listed = guides.contents.flatMap((section) => section.guides.map(({ path }) => path));
  const there = [...guides.pages.values()]
    .map(({ path }) => path)
    .filter((path) => path !== "docs/README.md");
  expect(there.length).toBeGreaterThan(20);
  expect(listed.toSorted()).toEqual(there.toSorted());
});

it("no link leads nowhere: to no file, to no heading", () => {
  const pages = [...guides.pages.values(), renderGuide("README.md", read("README.md"))];
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const dead = pages.flatMap((page) =>
    page.links
      .filter(({ path, anchor }) => {
        if (path === null) return false;
        if (!existsSync(join(REPOSITORY, path))) return true;
        return anchor !== "" && byPath.get(path)?.anchors.has(anchor) !== true;
      })
      .map(({ written }) => `${page.path}: ${written}`),
  );
  expect(dead).toEqual([]);
});

describe("served", () => {
  let stage: Stage;
  let folder: string;
  beforeAll(async () => {
    stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
    folder = await mkdtemp(join(tmpdir(), "dropgate-guide-"));
  });
  afterAll(async () => {
    await stage.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("each page answers, with its contents and all that it shows, from here alone", async () => {
    const pictures = new Set<string>();
    for (const { address, title } of guides.pages.values()) {
      const page = await stage.call("GET", address);
      expect([address, page.status]).toEqual([address, 200]);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(page.text.match(/<h1[ >]/g), address).toHaveLength(1);
      expect(page.text).toContain(title.replaceAll(/[`*].*/g, "").slice(0, 20));
      for (const [, shown = ""] of page.text.matchAll(/(?:src|<link[^>]+href)="([^"]+)"/g))
        pictures.add(shown);
    }
    for (const shown of pictures)
      expect([shown, (await stage.call("GET", shown)).status]).toEqual([shown, 200]);
    expect((await stage.call("GET", "/docs/")).status).toBe(200);
    for (const path of [
      "/docs/none",
      "/docs/../package.json",
      "/docs/%2e%2e/package.json",
      "/docs/README.md",
    ]) {
      expect([path, (await stage.call("GET", path)).status]).toEqual([path, 404]);
    }
  });

  it("the guide to integrating is true: its files and commands, run as they stand there", async () => {
    await stage.worker();
    await mkdir(join(folder, ".dropgate"));
    await mkdir(join(folder, "my-shop"));
    await writeFile(join(folder, ".dropgate/api-key"), `${BOOTSTRAP_KEY}\n`);
    const text = read("docs/integrate.md").replaceAll("http://127.0.0.1:8080", stage.gateway.url);
    const files = [...text.matchAll(/^```js\n\/\/ (?<name>[\w-]+\.mjs)\n(?<body>.*?)^```/gms)];
    expect(files).toHaveLength(7);
    for (const { groups } of files) {
      await writeFile(join(folder, "my-shop", groups?.["name"] ?? ""), groups?.["body"] ?? "");
    }
    const commands = [...text.matchAll(/^(?<command>node .+)$/gm)].map(([command]) => command);
    expect(commands).toHaveLength(5);
    const { stdout } = await promisify(execFile)("sh", ["-ec", commands.join("\n")], {
      cwd: join(folder, "my-shop"),
    });
    expect(stdout.trim().split("\n")).toEqual([
      expect.stringMatching(/^The sale is at http.+\/s\/[\w-]+$/),
      expect.stringMatching(/#shopper=.+\..+\..+$/),
      expect.stringMatching(/^charging a card for LAMP-1, unit \d+ …$/),
      "order-1001 is confirmed",
      "ok: 1 sold, 9 free of 10",
    ]);
  }, 60_000);
});
