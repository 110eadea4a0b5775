// What is asked before a sale is driven, and whether the question still is the one that was put. Pure.
import type { AdminSale } from "@dropgate/contracts/sale";
import { openName, type SaleAct, type WhyNot } from "../../may/may.ts";
import type { Question } from "../../ui/dialog.tsx";
import { formats } from "../../ui/formats.ts";

/** What of a sale the questions tell. */
export type Told = Pick<AdminSale, "title" | "kind" | "phase" | "quantity" | "admission" | "queue" | "units">;

export interface Asked {
  act: SaleAct;
  question: Question;
}

/** What is asked before it is done; pausing and resuming are not asked about. */
export function questionOf(act: SaleAct, sale: Told): Question | null {
  const waiting = formats.count(sale.queue.waiting, "shopper");
  switch (act) {
    case "open":
      return {
        title: `${openName(sale)}?`,
        text:
          openName(sale) === "Sell now"
            ? `The opening is brought forward to now: as soon as the order is drawn, ${waiting} are let in at ${formats.rate(sale.admission.ratePerSecond)} a second.`
            : "The lobby is opened now instead of at its time. Everybody with the address can join.",
        yes: openName(sale),
      };
    case "draw":
      return {
        title: "Draw the order now?",
        text: `The order of ${waiting} is drawn and published. It cannot be drawn again; who comes later stands behind them.`,
        yes: "Draw now",
      };
    case "close":
      return {
        title: `Close “${sale.title}”?`,
        text: `${waiting} lose their place, and ${formats.count(sale.units.free, "free unit")} stay unsold. Who holds one of ${formats.count(sale.units.held, "held unit")} can still pay until their time is up.`,
        yes: "Close the sale …",
        isDanger: true,
        second: {
          title: "Close it for good?",
          text: `A closed sale cannot be opened again. ${formats.count(sale.units.sold, "unit")} of ${formats.number(sale.quantity)} are sold. To stop for a while, pause it instead.`,
          yes: "Yes, close for good",
        },
      };
    case "pause":
    case "resume":
      return null;
  }
}

const MOVED = "The sale has moved on meanwhile. Cancel, and look again.";

/**
 * The question while it stands: with the figures of now, and barred as soon as its yes would do something else than was
 * asked. "Open the lobby?" of a rush becomes "Sell now" when the lobby opens by itself.
 * @param whyNot why the act cannot be done as the sale stands now
 */
export function askedNow(
  { act, question }: Asked,
  sale: Told,
  whyNot: WhyNot,
): { question: Question; whyNot: WhyNot } {
  const present = questionOf(act, sale);
  if (present?.yes === question.yes && whyNot === null) return { question: present, whyNot: null };
  const second = question.second && { ...question.second, text: MOVED };
  return { question: { ...question, text: MOVED, ...(second && { second }) }, whyNot: MOVED };
}
