// Pictures of all eleven states, in five languages, light and dark, on a phone and on a desk: `npx pnpm screenshots`.
// For people to look at; what can be checked without eyes is in states.slow.test.ts.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openBrowser, openContext, type Scheme, showScene } from "./stage/browser.ts";
import { ELEVEN, SCENES, type SceneName } from "./stage/scene.ts";
import { openStage } from "./stage/stage.ts";

const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));
const asked = process.argv.slice(2).filter((name): name is SceneName => name in SCENES);
const names = process.argv.includes("--all")
  ? (Object.keys(SCENES) as SceneName[])
  : asked.length > 0
    ? asked
    : ELEVEN;

await mkdir(folder, { recursive: true });
const stage = await openStage(SCENES.scheduled(Date.now()));
const browser = await openBrowser();
const languages = ["en", "de", "es", "ja", "ar"];
for (const language of languages) {
  for (const scheme of ["light", "dark"] satisfies Scheme[]) {
    for (const [width, height] of [
      [360, 800],
      [1440, 900],
    ] as const) {
      const context = await openContext(browser, { width, height, scheme, language });
      const page = await context.newPage();
      for (const name of names) {
        await showScene(page, stage, name);
        await page.screenshot({
          path: `${folder}${name}-${language}-${scheme}-${width}.png`,
          fullPage: true,
        });
      }
      await context.close();
      console.log(`${names.length} states, ${language}, ${scheme}, ${width} px wide`);
    }
  }
}
await browser.close();
await stage.close();
console.log("in e2e/screenshots/");
