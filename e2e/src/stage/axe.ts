// What axe finds wrong with a page, by the same rules everywhere.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules that depend on the colour scheme. */
export const COLORS: readonly string[] = ["color-contrast", "link-in-text-block"];

/** Each fault with the elements that have it. @param only these rules; else all of WCAG 2.2 AA and good practice */
export async function axeFaults(page: Page, only?: readonly string[]): Promise<string[]> {
  // There are no frames; the other way opens a page of its own for each run.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (only === undefined ? axe.withTags(TAGS) : axe.withRules([...only])).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}
