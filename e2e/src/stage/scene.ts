// The scenes that a stage can play: each state that a shopper may be in, as the server would tell it. Hours of a sale
// and the last seconds of an offer look the same on every run, because their times are set from now.
import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";
import type { Phase } from "@dropgate/contracts/states/phase";

export interface Scene {
  /** 404 when null. */
  sale: Sale | null;
  serving: { serving: number; waiting: number; ratePerSecond: number };
  entry: Entry | null;
  hold: Hold | null;
  pass: string | null;
  outcome: OutcomeOfEntry | null;
  /** The network is gone once the page has seen this. */
  isCut: boolean;
}

export const SALE_ID = "vessel-7";
export const ENTRY_ID = "abcdef00-AAAAAAAAAAAAAAAAAAAAAA";
export const HOLD_ID = "abcdef00_BBBBBBBBBBBBBBBBBBBBBB";
export const TOKEN = "the-shoppers-entry-token";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Times of a scene, in ms from now. */
interface Times {
  lobby: number;
  draw: number;
  opens: number;
  closes: number;
}

const TIMES: Record<Phase, Times> = {
  scheduled: {
    lobby: 2 * HOUR + 14 * MINUTE + 9_900,
    draw: 2 * HOUR + 44 * MINUTE + 9_900,
    opens: 2 * HOUR + 45 * MINUTE + 9_900,
    closes: 6 * HOUR,
  },
  lobby: { lobby: -10 * MINUTE, draw: 4 * MINUTE + 59_900, opens: 6 * MINUTE, closes: 4 * HOUR },
  drawing: { lobby: -15 * MINUTE, draw: -2 * SECOND, opens: 12 * SECOND, closes: 4 * HOUR },
  live: { lobby: -30 * MINUTE, draw: -15 * MINUTE, opens: -14 * MINUTE, closes: 3 * HOUR },
  paused: { lobby: -30 * MINUTE, draw: -15 * MINUTE, opens: -14 * MINUTE, closes: 3 * HOUR },
  sold_out: { lobby: -60 * MINUTE, draw: -45 * MINUTE, opens: -44 * MINUTE, closes: 3 * HOUR },
  closed: { lobby: -6 * HOUR, draw: -5 * HOUR, opens: -5 * HOUR, closes: -MINUTE },
};

function at(now: number, ms: number): string {
  return new Date(now + ms).toISOString();
}

function saleIn(phase: Phase, now: number, more: Partial<Sale> = {}): Sale {
  const times = TIMES[phase];
  return {
    id: SALE_ID,
    title: "Vessel No. 7",
    sku: "VESSEL-7",
    kind: "lottery",
    phase,
    version: 1,
    imageUrl: "/picture.svg",
    price: { amount: 18_000, currency: "EUR" },
    description:
      "Hand-thrown stoneware in an ash glaze, 31 cm tall. One kiln, one firing, 120 pieces, each numbered on its foot.\nShips within the week, wrapped in wool felt.",
    checkoutUrl: "/checkout",
    identity: "anonymous",
    schedule: {
      lobbyAt: at(now, times.lobby),
      drawAt: at(now, times.draw),
      opensAt: at(now, times.opens),
      closesAt: at(now, times.closes),
    },
    serverTime: at(now, 0),
    limitPerShopper: 1,
    claimWindowSeconds: 45,
    purchaseWindowSeconds: 600,
    stock: { status: "in_stock", message: "In stock" },
    quantity: 120,
    queue: { waiting: 3_504, serving: 92, ratePerSecond: 8 },
    draw: {
      commitment: "9f2c1d7be04a6f8c35d1b2a97c60e4f8a1b3c5d7e9f00112233445566778899a",
      algorithm: "dropgate-draw-1",
      secret: null,
    },
    ...more,
  };
}

const entry: Entry = {
  entryId: ENTRY_ID,
  saleId: SALE_ID,
  state: "waiting",
  ticket: 3_504,
  position: 3_412,
  rev: 1,
};

function holdIn(state: Hold["state"], now: number, expiresIn: number): Hold {
  return {
    holdId: HOLD_ID,
    saleId: SALE_ID,
    entryId: ENTRY_ID,
    sku: "VESSEL-7",
    unit: 37,
    quantity: 1,
    state,
    offeredAt: at(now, -MINUTE),
    claimBy: at(now, -15 * SECOND),
    expiresAt: at(now, expiresIn),
    extended: false,
  };
}

function scene(sale: Sale | null, more: Partial<Scene> = {}): Scene {
  const serving = sale?.queue ?? { serving: 0, waiting: 0, ratePerSecond: 0 };
  return { sale, serving, entry: null, hold: null, pass: null, outcome: null, isCut: false, ...more };
}

function held(now: number, leftMs: number): Scene {
  return scene(saleIn("live", now), {
    entry: { ...entry, ticket: 92, state: "held", holdId: HOLD_ID, expiresAt: at(now, leftMs), rev: 3 },
    hold: holdIn("active", now, leftMs),
    pass: "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzaG9wcGVyIn0.c2lnbmF0dXJl",
  });
}

/** The eleven states of the page, and what else it must be able to show. @param now ms since 1970 */
export const SCENES = {
  scheduled: (now) =>
    scene(saleIn("scheduled", now, { queue: { waiting: 0, serving: 0, ratePerSecond: 0 } })),
  lobby: (now) =>
    scene(saleIn("lobby", now, { queue: { waiting: 2_381, serving: 0, ratePerSecond: 0 } }), {
      entry: { ...entry, ticket: null, position: null },
    }),
  drawing: (now) =>
    scene(saleIn("drawing", now, { queue: { waiting: 3_596, serving: 0, ratePerSecond: 0 } }), {
      entry: { ...entry, ticket: null, position: null },
    }),
  waiting: (now) => scene(saleIn("live", now), { entry }),
  offered: (now) =>
    scene(saleIn("live", now), {
      entry: { ...entry, ticket: 92, state: "offered", holdId: HOLD_ID, claimBy: at(now, 44_900), rev: 2 },
    }),
  held: (now) => held(now, 9 * MINUTE + 42_500),
  missed: (now) =>
    scene(saleIn("live", now), {
      entry: {
        ...entry,
        ticket: 92,
        state: "missed",
        holdId: HOLD_ID,
        claimBy: at(now, -20 * SECOND),
        rejoinable: true,
        rev: 3,
      },
    }),
  purchased: (now) =>
    scene(saleIn("live", now), {
      entry: { ...entry, ticket: 92, state: "purchased", holdId: HOLD_ID, rev: 4 },
      hold: { ...holdIn("confirmed", now, 5 * MINUTE), orderId: "A-10492" },
      outcome: { result: "purchased", orderId: "A-10492", unit: 37 },
    }),
  soldOut: (now) =>
    scene(
      saleIn("sold_out", now, {
        stock: { status: "out_of_stock", message: "Sold out" },
        queue: { waiting: 3_290, serving: 306, ratePerSecond: 0 },
      }),
      { entry },
    ),
  paused: (now) =>
    scene(
      saleIn("paused", now, { message: "We're fixing a problem at the checkout and go on at about 14:30." }),
      {
        entry,
      },
    ),
  offline: (now) => scene(saleIn("live", now), { entry, isCut: true }),

  lobbyOpen: (now) =>
    scene(saleIn("lobby", now, { queue: { waiting: 2_381, serving: 0, ratePerSecond: 0 } })),
  open: (now) => scene(saleIn("live", now)),
  heldAmber: (now) => held(now, 95_500),
  heldRed: (now) => held(now, 24_500),
  next: (now) => scene(saleIn("live", now), { entry: { ...entry, ticket: 93, position: 1 } }),
  rehearsal: (now) =>
    scene(saleIn("lobby", now, { rehearsal: true, queue: { waiting: 240, serving: 0, ratePerSecond: 0 } })),
  left: (now) => scene(saleIn("live", now), { entry: { ...entry, state: "left", rev: 2 } }),
  closed: (now) =>
    scene(
      saleIn("closed", now, {
        stock: { status: "out_of_stock", message: "Sold out" },
        queue: { waiting: 0, serving: 306, ratePerSecond: 0 },
      }),
    ),
  unknown: () => scene(null),
} satisfies Record<string, (now: number) => Scene>;
export type SceneName = keyof typeof SCENES;

/** Those of the table in words: what must be beautiful. */
export const ELEVEN = [
  "scheduled",
  "lobby",
  "drawing",
  "waiting",
  "offered",
  "held",
  "missed",
  "purchased",
  "soldOut",
  "paused",
  "offline",
] as const satisfies readonly SceneName[];
