// What a load test is, for both engines: what it may be told, the sale that it makes, what its shoppers do, and what
// must hold at the end. k6 and the Node engine differ in who runs the drivers and who counts, in nothing else.

import type { SaleCreate } from "@dropgate/contracts/sale";
import type { Person } from "../shopper-call.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Meter } from "./metrics.ts";
import type { Thresholds } from "./thresholds.ts";

/** A number that a run may be told by an environment variable. */
export interface Knob {
  otherwise: number;
  says: string;
}

export type Numbers<Name extends string = string> = Readonly<Record<Name, number>>;

/** Where it runs, the same for each test. */
export interface Place {
  gatewayUrls: readonly string[];
  apiKey: string;
  /** A sale that is there; else the test makes its own. */
  saleId: string | undefined;
}

/** The sale and its shoppers' key, as `setUp` left them: what every driver must know. Plain data. */
export interface Target {
  saleId: string;
  /** Made by this run, so closed by it. */
  isOwn: boolean;
  shopperKey: { kid: string; secret: string };
}

/** A driver carries every `of`-th shopper, beginning with number `driver` (from 0). */
export interface Share {
  driver: number;
  of: number;
}

/** What may be of interest to whoever runs the drivers: all are there; now somebody should strike. */
export type Moment = "full" | "strike";

export interface Stage<Name extends string = string> {
  numbers: Numbers<Name>;
  place: Place;
  target: Target;
  share: Share;
  surroundings: Surroundings;
  meter: Meter;
  /** The shopper of that number among all, as the shop vouches for it. */
  person: (number: number) => Person;
  say: (text: string) => void;
  /** Told by the first driver only. */
  onMoment: (moment: Moment) => void;
}

/** An own sale; its schedule in seconds from now. */
export type SaleWanted = Omit<Partial<SaleCreate>, "schedule"> & {
  quantity: number;
  drawIn: number;
  opensIn: number;
  closesIn: number;
};

export interface LoadTest<Name extends string = string> {
  name: string;
  /** One sentence. */
  shows: string;
  knobs: Readonly<Record<Name, Knob>>;
  sale: (numbers: Numbers<Name>) => SaleWanted;
  thresholds: (numbers: Numbers<Name>) => Thresholds;
  /** No honest run takes longer, in seconds. */
  secondsMax: (numbers: Numbers<Name>) => number;
  /** One driver's share; resolves when all of its shoppers have ended. */
  play: (stage: Stage<Name>) => Promise<void>;
}

/** Every test's variables besides its own numbers. */
export const PLACE_VARIABLES = {
  GATEWAY_URL: "one gateway or several, with commas between; http://127.0.0.1:8080 when absent",
  API_KEY: "with scope admin: makes the sale and the shoppers' key, pays, closes, asks for the report",
  SALE_ID: "a sale that is there already; it is neither made nor closed then",
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
export type Read<Name extends string> =
  | { ok: true; place: Place; numbers: Numbers<Name> }
  | { ok: false; sentences: string[] };

/** Everything that is wrong, at once. */
export function readEnvironment<Name extends string>(test: LoadTest<Name>, env: Environment): Read<Name> {
  const sentences: string[] = [];
  const names = Object.keys(test.knobs) as Name[];
  const numbers = Object.fromEntries(
    names.map((name) => {
      const given = env[name];
      if (given === undefined || given === "") return [name, test.knobs[name].otherwise];
      const value = Number(given);
      if (!(value > 0)) sentences.push(`${name} is "${given}": a number above 0, ${test.knobs[name].says}.`);
      return [name, value];
    }),
  ) as Numbers<Name>;
  const { GATEWAY_URL = "http://127.0.0.1:8080", API_KEY, SALE_ID } = env;
  const gatewayUrls = GATEWAY_URL.split(",").map((url) => url.trim().replace(/\/+$/, ""));
  if (gatewayUrls.some((url) => !/^https?:\/\/[^/]/.test(url))) {
    sentences.push(`GATEWAY_URL is "${GATEWAY_URL}": ${PLACE_VARIABLES.GATEWAY_URL}.`);
  }
  if (API_KEY === undefined || API_KEY === "") {
    sentences.push(`API_KEY is not set: ${PLACE_VARIABLES.API_KEY}.`);
    return { ok: false, sentences };
  }
  if (sentences.length > 0) return { ok: false, sentences };
  return { ok: true, numbers, place: { gatewayUrls, apiKey: API_KEY, saleId: SALE_ID || undefined } };
}

/** How many of `shoppers` this driver carries. */
export function shareOf(shoppers: number, { driver, of }: Share): number {
  return Math.max(0, Math.ceil((Math.floor(shoppers) - driver) / of));
}
