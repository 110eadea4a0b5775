// The pretended bank: two cards of the kind that payment providers hand out for testing. It is asked by order, so that
// a charge that is repeated (after a crash between charging and confirming) is the same charge.

export const GOOD_CARD = "4242 4242 4242 4242";
export const DECLINED_CARD = "4000 0000 0000 0002";

export type CardRefusal = "CARD_INCOMPLETE" | "CARD_MISTYPED" | "CARD_UNKNOWN";
export type JudgedCard = { ok: true; digits: string } | { ok: false; refusal: CardRefusal };

/** What a form can say of a card number before any bank is asked. */
export function judgeCard(typed: string): JudgedCard {
  const digits = typed.replaceAll(/[\s-]/g, "");
  if (!/^\d{16}$/.test(digits)) return { ok: false, refusal: "CARD_INCOMPLETE" };
  if (!hasGoodChecksum(digits)) return { ok: false, refusal: "CARD_MISTYPED" };
  const known = [GOOD_CARD, DECLINED_CARD].map((card) => card.replaceAll(" ", ""));
  return known.includes(digits) ? { ok: true, digits } : { ok: false, refusal: "CARD_UNKNOWN" };
}

/** Charges the card after `chargeMs`. true: charged; false: declined. */
export async function charge(digits: string, chargeMs: number): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, chargeMs));
  return digits === GOOD_CARD.replaceAll(" ", "");
}

/** Luhn: every second digit from the right counts double. */
function hasGoodChecksum(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
