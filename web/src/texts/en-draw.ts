// The English words around a check of the draw: loaded with the press that asks for it.
import { formatsFor } from "./formats.ts";

const { number } = formatsFor("en");

export const enDraw = {
  reading: (bytes: number) => `Reading the list… ${number(Math.ceil(bytes / 1_024))} kB`,
  away: "The proof could not be read just now. Nothing is wrong with it as far as we know; please try again.",
  verdicts: {
    valid: (entries: number) =>
      `All of it holds. ${number(entries)} numbers were worked out again, here in your browser.`,
    open: (entries: number) =>
      `So far it holds, for ${number(entries)} numbers. The rest can be checked when the sale has closed and the secret is published.`,
    invalid: "This proof does not hold. What is wrong is marked below; please show it to the shop.",
  },
  marks: { passed: "holds", failed: "does not hold", later: "later" },
  own: (claimed: number, recomputed: number | null) =>
    recomputed === null
      ? `Your number in the list: ${number(claimed)}.`
      : `Your number in the list: ${number(claimed)}. Worked out again: ${number(recomputed)}.`,
  notListed: "Your entry is in none of the published lists yet.",
  more: (count: number) => `and ${number(count)} more`,
};
