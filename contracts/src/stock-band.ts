// How exactly the public is told of a sale's stock: a band, and a number only when few are left.

/** Up to this many free units are counted for the public: a tenth of the sale, at least one, at most a hundred. */
export function lowStockLine(quantity: number): number {
  return Math.min(100, Math.max(1, Math.floor(quantity / 10)));
}
