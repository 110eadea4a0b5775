// The documentation of the repository as a small site: read and rendered once, when somebody first wants a page.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ServedFile, servedFile } from "../files.ts";
import { addressOf, type Guide, type GuideSection, readContents, renderGuide } from "./render-guide.ts";

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
const HOME = "docs/README.md";
const BESIDES = ["CONTRIBUTING.md"];

export interface Guides {
  contents: readonly GuideSection[];
  /** By address. */
  pages: ReadonlyMap<string, Guide>;
  pictures: ReadonlyMap<string, ServedFile>;
}

/** @param repository where docs/ lies; a gateway that was deployed without it has no guides */
export function readGuides(repository = REPOSITORY): Guides {
  const pages = new Map<string, Guide>();
  const pictures = new Map<string, ServedFile>();
  if (!existsSync(join(repository, HOME))) return { contents: [], pages, pictures };
  for (const path of [...filesBelow(repository, "docs"), ...BESIDES]) {
    const address = addressOf(path);
    if (address === null) continue;
    const body = readFileSync(join(repository, path));
    if (path.endsWith(".md")) pages.set(address, renderGuide(path, body.toString()));
    else pictures.set(address, servedFile(path, body));
  }
  return { contents: readContents(readFileSync(join(repository, HOME), "utf8")), pages, pictures };
}

function filesBelow(repository: string, folder: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(repository, path) : [path];
  });
}
