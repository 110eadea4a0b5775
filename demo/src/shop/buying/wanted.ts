// What a customer wants to have sent, and where: read from the form and judged before anybody is asked.

export interface Wanted {
  sku: string;
  quantity: number;
  name: string;
  postalCode: string;
  country: string;
}

export type WantedRefusal = "QUANTITY_WRONG" | "NAME_MISSING" | "POSTAL_CODE_WRONG" | "COUNTRY_UNKNOWN";
export type ReadWanted = { ok: true; wanted: Wanted } | { ok: false; code: WantedRefusal };

/** As many of one product as one order may have. */
export const QUANTITY_MAX = 5;

/** Which countries the form offers. The warehouses decide where they deliver, not the form. */
export const COUNTRIES = new Map([
  ["US", "United States"],
  ["CA", "Canada"],
  ["DE", "Germany"],
]);

/** Addresses to play with, from coast to coast: `[postal code, place]`. */
export const PLACES: readonly (readonly [string, string])[] = [
  ["98101", "Seattle"],
  ["80202", "Denver"],
  ["10001", "New York"],
  ["94103", "San Francisco"],
  ["75201", "Dallas"],
  ["60602", "Chicago"],
  ["33130", "Miami"],
  ["20001", "Washington"],
];

const NAME_LENGTH_MAX = 100;
// What a form's text field can carry and an address must not.
const NOT_TEXT = /[\p{Cc}\p{Cs}]/u;
const US_CODE = /^\d{5}(-\d{4})?$/;
const ANY_CODE = /^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$/;

export function readWanted(sku: string, form: URLSearchParams): ReadWanted {
  const field = (name: string): string => (form.get(name) ?? "").trim();
  const quantity = field("quantity");
  const name = field("name");
  const postalCode = field("postalCode");
  const country = field("country") || "US";
  // By its digits: Number() also takes "1e0" and "0x2".
  if (!/^\d$/.test(quantity) || Number(quantity) < 1 || Number(quantity) > QUANTITY_MAX)
    return { ok: false, code: "QUANTITY_WRONG" };
  if (name === "" || name.length > NAME_LENGTH_MAX || NOT_TEXT.test(name))
    return { ok: false, code: "NAME_MISSING" };
  if (!COUNTRIES.has(country)) return { ok: false, code: "COUNTRY_UNKNOWN" };
  const isCode = (country === "US" ? US_CODE : ANY_CODE).test(postalCode);
  if (!isCode) return { ok: false, code: "POSTAL_CODE_WRONG" };
  return { ok: true, wanted: { sku, quantity: Number(quantity), name, postalCode, country } };
}

export function isSame(one: Wanted, other: Wanted): boolean {
  return (["sku", "quantity", "name", "postalCode", "country"] as const).every(
    (field) => one[field] === other[field],
  );
}
