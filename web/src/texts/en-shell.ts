// The English words that only the server writes into the page: they cost the shopper's first load no script.
import { dateTimeUtc } from "./formats.ts";

export const enShell = {
  noScript:
    "To join, this page needs JavaScript. It is small and comes from this site alone; please turn it on and load the page again.",
  rehearsal:
    "Rehearsal – nothing is sold on this page. Only simulated shoppers take part; the sale itself has another address.",
  how: {
    title: "How the line works",
    facts: [
      "Everyone who joins before the draw has the same chance. Being early by a second, or having a fast phone, gains nothing.",
      "Your number never changes, and nobody is put in front of you. When it's your turn, one unit is kept for you.",
      "You can close this page, reload it or open it twice. This browser keeps your place.",
    ],
  },
  rush: {
    title: "How this sale works",
    facts: [
      "There is no line and no draw: from the opening on, whoever asks while a unit is free gets it.",
      "A unit that you get is kept for you while you pay. If you don't, it goes back, and somebody else can get it.",
      "You can close this page, reload it or open it twice. This browser keeps your unit.",
    ],
  },
  draw: {
    title: "Check the draw",
    text: "Before the lobby opened we published the fingerprint of a secret number. It fixes the order of the draw together with the list of everybody in it, so neither we nor the shop could choose who comes first. When the sale has closed the secret is published, and anyone can work out the whole order again.",
    fingerprint: "Fingerprint of the secret",
    proof: "The proof",
    list: "The list",
    here: "Check it here",
    how: "Or save both files and run the open-source verifier yourself:",
  },
  /** One sentence on the sale for who reads the page before, or without, its script. */
  sentences: {
    scheduled: (at: number) => `The lobby opens on ${dateTimeUtc("en", at)}.`,
    lobby: (at: number) => `The lobby is open. The order is drawn on ${dateTimeUtc("en", at)}.`,
    drawing: "The order is being drawn.",
    rush: (at: number) => `The sale opens on ${dateTimeUtc("en", at)}.`,
    live: "The sale is on.",
    paused: "The sale is paused. Everybody's place is safe.",
    sold_out: "All units are sold. A cancelled order's unit goes to the next in line.",
    closed: "The sale is over.",
  },
};

export type ShellTexts = typeof enShell;
