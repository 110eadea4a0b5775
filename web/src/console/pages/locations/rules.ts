// The rules of a location as a form writes them, and back. Pure.
import type { Location } from "@dropgate/contracts/location";

export const TYPES = [
  "warehouse",
  "sortation",
  "delivery_station",
  "store",
] as const satisfies readonly Location["type"][];

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

export function daysText(days: readonly number[]): string {
  const sorted = days.toSorted((one, other) => one - other);
  if (sorted.length === 7) return "every day";
  return sorted.map((day) => DAYS[day - 1] ?? "").join(", ");
}

export function addressText({ line1, city, region, postalCode, country }: Location["address"]): string {
  return [line1, [postalCode, city].filter(Boolean).join(" "), region, country]
    .filter((part) => part !== undefined && part !== "")
    .join(", ");
}

export interface RuleTexts extends Record<string, string> {
  id: string;
  name: string;
  type: string;
  line1: string;
  city: string;
  region: string;
  postalCode: string;
  country: string;
  lat: string;
  lon: string;
  timeZone: string;
  methods: string;
  regions: string;
  days: string;
  capacity: string;
  handles: string;
  wmsUrl: string;
}

export const NEW_RULES: RuleTexts = {
  id: "",
  name: "",
  type: "warehouse",
  line1: "",
  city: "",
  region: "",
  postalCode: "",
  country: "",
  lat: "",
  lon: "",
  timeZone: "",
  methods: "standard 17:00",
  regions: "",
  days: "Mon, Tue, Wed, Thu, Fri",
  capacity: "1000",
  handles: "",
  wmsUrl: "",
};

const HANDLED = ["hazmat", "oversized", "refrigerated"] as const;

export function textsOf(location: Location): RuleTexts {
  const { address, coordinates } = location;
  return {
    id: location.id,
    name: location.name,
    type: location.type,
    line1: address.line1 ?? "",
    city: address.city ?? "",
    region: address.region ?? "",
    postalCode: address.postalCode,
    country: address.country,
    lat: String(coordinates.lat),
    lon: String(coordinates.lon),
    timeZone: location.timeZone,
    methods: location.shippingMethods.map(({ method, cutoff }) => `${method} ${cutoff}`).join(", "),
    regions: location.serviceRegions.join(", "),
    days: location.operatingDays.map((day) => DAYS[day - 1] ?? "").join(", "),
    capacity: String(location.capacityPerDay),
    handles: HANDLED.filter((each) => location.handles[each]).join(", "),
    wmsUrl: location.wmsUrl ?? "",
  };
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

type Rules = Omit<Location, "id" | "currentUtilization" | "wmsUrl" | "version" | "createdAt" | "updatedAt">;

/** What the server is told; it judges each field. A day that is none becomes 0, which it refuses. */
export function rulesOf(texts: RuleTexts): Rules {
  const optional = (name: "line1" | "city" | "region") => (texts[name] === "" ? {} : { [name]: texts[name] });
  const handled = new Set(listOf(texts.handles));
  return {
    name: texts.name,
    type: TYPES.find((each) => each === texts.type) ?? "warehouse",
    address: {
      ...optional("line1"),
      ...optional("city"),
      ...optional("region"),
      postalCode: texts.postalCode,
      country: texts.country.toUpperCase(),
    },
    coordinates: { lat: Number(texts.lat), lon: Number(texts.lon) },
    timeZone: texts.timeZone,
    shippingMethods: listOf(texts.methods).map((each) => {
      const [method = "", cutoff = ""] = each.split(/\s+/);
      return { method, cutoff };
    }),
    serviceRegions: listOf(texts.regions),
    operatingDays: listOf(texts.days).map(
      (each) => DAYS.findIndex((day) => day.toLowerCase() === each.slice(0, 3).toLowerCase()) + 1,
    ),
    capacityPerDay: Number(texts.capacity),
    handles: {
      // What is none of the three is told too, and refused: left out it would be believed to be set.
      ...Object.fromEntries([...handled].map((each) => [each, true])),
      hazmat: handled.has("hazmat"),
      oversized: handled.has("oversized"),
      refrigerated: handled.has("refrigerated"),
    },
  };
}
