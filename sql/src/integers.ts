// Whole numbers as PostgreSQL writes an array of them. The driver goes through an array element by element, in case one
// needs quotes; for the dozens of columns of a group that was most of what binding them cost.

/** @param values whole, or null; anything else PostgreSQL refuses */
export function integers(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join()}}`;
}
