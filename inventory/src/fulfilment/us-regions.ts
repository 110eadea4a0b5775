// The first three digits of a US postal code name its state: a table of a kilobyte that changes once in decades,
// where the coordinates' package has none.

/** `state first-last …`, as the postal service assigns them. */
const PREFIXES = `
AL 350-369|AK 995-999|AZ 850-865|AR 716-729|CA 900-961|CO 800-816|CT 060-069|DE 197-199
DC 200-200|DC 202-205|DC 569-569|FL 320-339|FL 341-342|FL 344-344|FL 346-347|FL 349-349|GA 300-319|GA 398-399
HI 967-968|ID 832-838|IL 600-629|IN 460-479|IA 500-528|KS 660-679|KY 400-427|LA 700-714|ME 039-049|MD 206-219
MA 010-027|MA 055-055|MI 480-499|MN 550-567|MS 386-397|MO 630-658|MT 590-599|NE 680-693|NV 889-898|NH 030-038
NJ 070-089|NM 870-884|NY 005-005|NY 100-149|NC 270-289|ND 580-588|OH 430-459|OK 730-732|OK 734-749
OR 970-979|PA 150-196|PR 006-007|PR 009-009|VI 008-008|RI 028-029|SC 290-299|SD 570-577|TN 370-385|TX 733-733
TX 750-799|TX 885-885|UT 840-847|VT 050-054|VT 056-059|VA 201-201|VA 220-246|WA 980-994|WV 247-268
WI 530-549|WY 820-831|GU 969-969`;

/** Post offices that another state's sorting centre serves, and the islands that share one prefix. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["06390", "NY"],
  ["73949", "TX"],
  ["73960", "TX"],
  ["83414", "WY"],
  ["96799", "AS"],
  ...["96939", "96940"].map((code): [string, string] => [code, "PW"]),
  ...["96941", "96942", "96943", "96944"].map((code): [string, string] => [code, "FM"]),
  ...["96950", "96951", "96952"].map((code): [string, string] => [code, "MP"]),
  ...["96960", "96970"].map((code): [string, string] => [code, "MH"]),
]);

const REGION_OF = new Map(
  PREFIXES.trim()
    .split(/[|\n]/)
    .flatMap((entry) => {
      const [region = "", range = ""] = entry.split(" ");
      const [first = 0, last = 0] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i): [number, string] => [first + i, region]);
    }),
);

/** Null for a prefix that no state has: armed forces abroad, or none at all. */
export function usRegionOf(postalCode: string): string | null {
  const prefix = /^\d{3}/.exec(postalCode)?.[0];
  const exception = EXCEPTIONS.get(postalCode.slice(0, 5));
  if (exception !== undefined) return exception;
  return prefix === undefined ? null : (REGION_OF.get(Number(prefix)) ?? null);
}
