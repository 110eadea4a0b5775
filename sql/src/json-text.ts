// What is written down and answered in one breath is put into JSON once.

const texts = new WeakMap<object, string>();

/** As JSON.stringify, for values that stay as they are from the first time on. */
export function jsonTextOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
