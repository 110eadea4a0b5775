// The contract's words as people say them. Pure.

/** `awaiting_approval` → "Awaiting approval"; `sale.taken` → "Sale taken". */
export function inWords(word: string): string {
  const text = word.toLowerCase().replaceAll(/[._-]+/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "+3", "−3". */
export function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value).replace("-", "−");
}

const QUANTITY_NAMES: Readonly<Record<string, string>> = {
  onHand: "on hand",
  allocated: "allocated",
  reserved: "reserved",
  damaged: "damaged",
  inTransitIn: "on the way here",
  inTransitOut: "on the way out",
};

/** What a change of a level did: "−3 on hand, +3 damaged". */
export function deltasInWords(deltas: Readonly<Record<string, number>>): string {
  return Object.entries(deltas)
    .filter(([, delta]) => delta !== 0)
    .map(([name, delta]) => `${signed(delta)} ${QUANTITY_NAMES[name] ?? name}`)
    .join(", ");
}

/** Numbers and amounts of a problem's or a repair's figures. */
export function figuresInWords(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${QUANTITY_NAMES[name] ?? name} ${value}`)
    .join(", ");
}

/** What an act said besides: "rate per second 5, phase lobby". Lists and the like as they were. */
export function dataInWords(data: Readonly<Record<string, unknown>>): string {
  return Object.entries(data)
    .map(([name, value]) => {
      const spaced = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
      return `${spaced} ${typeof value === "string" ? value : JSON.stringify(value)}`;
    })
    .join(", ");
}
