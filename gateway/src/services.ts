// What the routes of a gateway share: its stores, what it knows, and who does what.
import type { Settings } from "@dropgate/contracts/settings";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import type { Sealer } from "@dropgate/inventory/sealing";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";
import type { Logger } from "pino";
import type { Callers } from "./callers/callers.ts";
import type { RateLimit } from "./edge/rate-limit.ts";
import type { HoldDesk } from "./holds/hold-desk.ts";
import type { Passes } from "./holds/passes.ts";
import type { Idempotency } from "./idempotency/once.ts";
import type { ShopWindow } from "./inventory/shop-window.ts";
import type { EntryDesk } from "./joining/entry-desk.ts";
import type { Joining } from "./joining/joining.ts";
import type { Live } from "./live/live.ts";
import type { Passwords } from "./operators/passwords.ts";
import type { SignInDesk } from "./operators/sign-in.ts";
import type { ReservationDesk } from "./reserving/reservation-desk.ts";
import type { ReserveDesk } from "./reserving/reserve-desk.ts";
import type { RushDesk } from "./rush/rush-desk.ts";
import type { Figures } from "./sales/figures.ts";
import type { SaleRegistry } from "./sales/registry.ts";
import type { SaleBodies } from "./sales/sale-view.ts";
import type { Metrics } from "./telemetry/metrics.ts";
import type { ShownThemes } from "./themes/shown-themes.ts";

export interface Services {
  settings: Settings;
  log: Logger;
  metrics: Metrics;
  truth: Truth;
  /** A second, pipelined way there, for what many wait for in groups. */
  groups: Truth;
  hotStore: HotStore;
  stock: HotStock;
  shopWindow: ShopWindow;
  sealer: Sealer;
  callers: Callers;
  live: Live;
  sales: SaleRegistry;
  bodies: SaleBodies;
  themes: ShownThemes;
  joining: Joining;
  rush: RushDesk;
  figures: Figures;
  entries: EntryDesk;
  holds: HoldDesk;
  passes: Passes;
  idempotency: Idempotency;
  passwords: Passwords;
  signIns: SignInDesk;
  reserving: ReserveDesk;
  reservations: ReservationDesk;
  /** Joins by address; null: JOINS_PER_ADDRESS is off. */
  joinsByAddress: RateLimit | null;
  joinsByShopper: RateLimit;
  /** Links made and mails asked for, by shopper. */
  asksByShopper: RateLimit;
}
