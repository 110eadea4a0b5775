// A sale while somebody is still typing it: all fields as text, what is wrong with each, and what of it is sent. Pure.
import {
  LIMIT_PER_SHOPPER_MAX,
  QUANTITY_MAX,
  RATE_PER_SECOND_MAX,
  WINDOW_SECONDS_MAX,
} from "@dropgate/contracts/limits";
import type { AdminSale, SaleCreate, SalePatch } from "@dropgate/contracts/sale";
import { fromLocalInput, localInput } from "../../ui/formats.ts";

export interface Draft {
  title: string;
  sku: string;
  kind: "lottery" | "rush";
  source: "own" | "inventory";
  locationId: string;
  quantity: string;
  limitPerShopper: string;
  identity: "anonymous" | "merchant";
  ratePerSecond: string;
  burst: string;
  lobbyAt: string;
  drawAt: string;
  opensAt: string;
  closesAt: string;
  claimWindowSeconds: string;
  purchaseWindowSeconds: string;
  paymentExtensionSeconds: string;
  price: string;
  currency: string;
  description: string;
  imageUrl: string;
  checkoutUrl: string;
  message: string;
}
export type Faults = Partial<Record<keyof Draft, string>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Time enough to send the address around. */
const LEAD_MS = 30 * MINUTE_MS;

/** A sale that would do: a lobby of half an hour before the next full hour, and two hours to sell. */
export function newDraft(now: number): Draft {
  const opensAt = Math.ceil((now + LEAD_MS) / HOUR_MS) * HOUR_MS;
  return {
    title: "",
    sku: "",
    kind: "lottery",
    source: "own",
    locationId: "",
    quantity: "100",
    limitPerShopper: "1",
    identity: "anonymous",
    ratePerSecond: "5",
    burst: "5",
    lobbyAt: localInput(opensAt - LEAD_MS),
    drawAt: localInput(opensAt - MINUTE_MS),
    opensAt: localInput(opensAt),
    closesAt: localInput(opensAt + 2 * HOUR_MS),
    claimWindowSeconds: "45",
    purchaseWindowSeconds: "600",
    paymentExtensionSeconds: "300",
    price: "",
    currency: "EUR",
    description: "",
    imageUrl: "",
    checkoutUrl: "",
    message: "",
  };
}

export function draftOf(sale: AdminSale): Draft {
  const time = (text: string): string => localInput(Date.parse(text));
  const { schedule, price } = sale;
  return {
    title: sale.title,
    sku: sale.sku,
    kind: sale.kind,
    source: sale.source,
    locationId: sale.locationId ?? "",
    quantity: String(sale.quantity),
    limitPerShopper: String(sale.limitPerShopper),
    identity: sale.identity,
    ratePerSecond: String(sale.admission.ratePerSecond),
    burst: String(sale.admission.burst),
    lobbyAt: time(schedule.lobbyAt),
    drawAt: time(schedule.drawAt),
    opensAt: time(schedule.opensAt),
    closesAt: time(schedule.closesAt),
    claimWindowSeconds: String(sale.claimWindowSeconds),
    purchaseWindowSeconds: String(sale.purchaseWindowSeconds),
    paymentExtensionSeconds: String(sale.paymentExtensionSeconds),
    price: price === undefined ? "" : String(price.amount / 10 ** digitsOf(price.currency)),
    currency: price?.currency ?? "EUR",
    description: sale.description ?? "",
    imageUrl: sale.imageUrl ?? "",
    checkoutUrl: sale.checkoutUrl ?? "",
    message: sale.message ?? "",
  };
}

const ADDRESS = /^https?:\/\/[^\s]+$|^\/(?!\/)[^\s]*$/;
/** What the contract takes no more of. */
const TITLE_MAX = 200;
const SKU_MAX = 64;
const DESCRIPTION_MAX = 4_000;
const MESSAGE_MAX = 500;

const MOMENTS = ["lobbyAt", "drawAt", "opensAt", "closesAt"] as const satisfies readonly (keyof Draft)[];
const NO_TIME = "A day and a time.";

/** What is wrong with it, by field, as far as can be said without the server. @param now ms since 1970 */
export function faultsOfDraft(draft: Draft, now: number): Faults {
  const faults: Faults = {};
  const say = (field: keyof Draft, fault: string | null): void => {
    if (fault !== null) faults[field] ??= fault;
  };
  say("title", longer(draft.title, TITLE_MAX));
  say("sku", longer(draft.sku, SKU_MAX));
  say("description", longer(draft.description, DESCRIPTION_MAX));
  say("message", longer(draft.message, MESSAGE_MAX));
  say("quantity", notWhole(draft.quantity, QUANTITY_MAX));
  say("limitPerShopper", notWhole(draft.limitPerShopper, LIMIT_PER_SHOPPER_MAX));
  say("burst", notWhole(draft.burst, QUANTITY_MAX));
  say("ratePerSecond", notRate(draft.ratePerSecond));
  for (const field of ["claimWindowSeconds", "purchaseWindowSeconds", "paymentExtensionSeconds"] as const) {
    say(field, notWhole(draft[field], WINDOW_SECONDS_MAX));
  }
  for (const field of ["imageUrl", "checkoutUrl"] as const) {
    if (draft[field] !== "" && !ADDRESS.test(draft[field]))
      say(field, "An address like https://shop.example/item, or a path.");
  }
  if (draft.price !== "" && amountOf(draft) === null) {
    say("price", `A price like ${(49.9).toFixed(digitsOf(draft.currency))}.`);
  }
  if (!/^[A-Z]{3}$/.test(draft.currency)) say("currency", "Three capital letters, like EUR.");
  for (const [field, fault] of scheduleFaults(draft, now)) say(field, fault);
  return faults;
}

function scheduleFaults(draft: Draft, now: number): [keyof Draft, string][] {
  const [lobbyAt, drawAt, opensAt, closesAt] = timesOf(draft);
  const faults: [keyof Draft, string][] = [];
  if (!(opensAt > 0)) faults.push(["opensAt", NO_TIME]);
  if (!(closesAt > 0)) faults.push(["closesAt", NO_TIME]);
  if (draft.kind === "lottery") {
    if (!(drawAt > 0)) faults.push(["drawAt", NO_TIME]);
    if (drawAt < lobbyAt) faults.push(["drawAt", "The draw cannot be before the lobby opens."]);
    if (opensAt < drawAt) faults.push(["opensAt", "The sale cannot open before the draw."]);
  } else if (opensAt < lobbyAt) faults.push(["opensAt", "The sale cannot open before its lobby."]);
  if (closesAt <= opensAt) faults.push(["closesAt", "It has to close after it opens."]);
  if (closesAt <= now) faults.push(["closesAt", "That is in the past."]);
  return faults;
}

/** Lobby, draw, opening, closing in ms since 1970; NaN for what is no time. */
export function timesOf(draft: Draft): [number, number, number, number] {
  return [
    fromLocalInput(draft.lobbyAt),
    fromLocalInput(draft.drawAt),
    fromLocalInput(draft.opensAt),
    fromLocalInput(draft.closesAt),
  ];
}

function longer(text: string, most: number): string | null {
  return text.length > most ? `At most ${most} characters; these are ${text.length}.` : null;
}

function notWhole(text: string, most: number): string | null {
  const value = Number(text);
  return /^\d+$/.test(text.trim()) && value >= 1 && value <= most
    ? null
    : `A whole number from 1 to ${most.toLocaleString("en")}.`;
}

function notRate(text: string): string | null {
  const value = Number(text);
  return text.trim() !== "" && value > 0 && value <= RATE_PER_SECOND_MAX
    ? null
    : `A number above 0, at most ${RATE_PER_SECOND_MAX.toLocaleString("en")}.`;
}

function digitsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
      2
    );
  } catch {
    // Not three letters yet.
    return 2;
  }
}

/** In minor units; null for what is no price. */
function amountOf({ price, currency }: Pick<Draft, "price" | "currency">): number | null {
  const digits = digitsOf(currency);
  const [, whole, part = ""] = /^(\d{1,12})(?:[.,](\d*))?$/.exec(price.trim()) ?? [];
  if (whole === undefined || part.length > digits) return null;
  return Number(whole + part.padEnd(digits, "0"));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Of a draft without faults. */
export function bodyOf(draft: Draft): SaleCreateBody {
  const [lobbyAt, drawAt, opensAt, closesAt] = timesOf(draft);
  const amount = draft.price === "" ? null : amountOf(draft);
  const { imageUrl, checkoutUrl, description, locationId } = draft;
  return {
    title: draft.title.trim(),
    sku: draft.sku.trim(),
    kind: draft.kind,
    source: draft.source,
    quantity: Number(draft.quantity),
    limitPerShopper: Number(draft.limitPerShopper),
    identity: draft.identity,
    admission: { ratePerSecond: Number(draft.ratePerSecond), burst: Number(draft.burst) },
    schedule: {
      ...(lobbyAt > 0 && { lobbyAt: iso(lobbyAt) }),
      ...(draft.kind === "lottery" && { drawAt: iso(drawAt) }),
      opensAt: iso(opensAt),
      closesAt: iso(closesAt),
    },
    claimWindowSeconds: Number(draft.claimWindowSeconds),
    purchaseWindowSeconds: Number(draft.purchaseWindowSeconds),
    paymentExtensionSeconds: Number(draft.paymentExtensionSeconds),
    ...(amount !== null && { price: { amount, currency: draft.currency } }),
    ...(description !== "" && { description }),
    ...(imageUrl !== "" && { imageUrl }),
    ...(checkoutUrl !== "" && { checkoutUrl }),
    ...(draft.source === "inventory" && locationId !== "" && { locationId }),
  };
}
type SaleCreateBody = Omit<SaleCreate, "challenge">;

/** Only what differs from the sale as it was: who changes the title must not undo what a colleague did to the rest. */
export function patchOf(before: Draft, draft: Draft): SalePatch {
  const differs = (field: keyof Draft): boolean => before[field] !== draft[field];
  const patch: SalePatch = {};
  if (differs("title")) patch.title = draft.title.trim();
  if (differs("quantity")) patch.quantity = Number(draft.quantity);
  for (const field of ["description", "imageUrl", "checkoutUrl", "message"] as const) {
    if (differs(field)) patch[field] = draft[field] === "" ? null : draft[field];
  }
  for (const field of ["claimWindowSeconds", "purchaseWindowSeconds", "paymentExtensionSeconds"] as const) {
    if (differs(field)) patch[field] = Number(draft[field]);
  }
  if (differs("price") || differs("currency")) {
    const amount = draft.price === "" ? null : amountOf(draft);
    patch.price = amount === null ? null : { amount, currency: draft.currency };
  }
  // What is asked while somebody types: a field that is empty for a moment is no time yet.
  const moments = MOMENTS.filter((field) => differs(field) && fromLocalInput(draft[field]) > 0);
  if (moments.length > 0) {
    patch.schedule = Object.fromEntries(moments.map((field) => [field, iso(fromLocalInput(draft[field]))]));
  }
  return patch;
}

/**
 * The faults of a change: what was not touched was fine when it was made, also where its time has passed; and a moment
 * that the sale has cannot be taken away, which a new sale may leave out.
 */
export function faultsOfChange(before: Draft, draft: Draft, faults: Faults): Faults {
  const touched = (field: keyof Draft): boolean => before[field] !== draft[field];
  const emptied = MOMENTS.filter((field) => touched(field) && !(fromLocalInput(draft[field]) > 0));
  return {
    ...Object.fromEntries(Object.entries(faults).filter(([field]) => touched(field as keyof Draft))),
    ...Object.fromEntries(emptied.map((field) => [field, NO_TIME])),
  };
}

/** Which field of the form a fault of the server stands beside. @param pointer as `/schedule/opensAt` */
export function fieldOf(pointer: string): keyof Draft | null {
  const last = pointer.split("/").at(-1) ?? "";
  const known: Readonly<Record<string, keyof Draft>> = { amount: "price", currency: "currency" };
  const field = known[last] ?? last;
  return field in newDraft(0) ? (field as keyof Draft) : null;
}
