// Operators who watch a sale live: the figures, made once for all who watch it here, alerts as they are raised, and the
// end of a connection whose session or key has ended. Only who still may is told anything.
import { ALERTS_TOLD_MAX, METRICS_EVERY_MS, OPERATORS_RECHECK_MS } from "@dropgate/contracts/limits";
import { type Role, roleMay } from "@dropgate/contracts/roles";
import type { LiveMetrics } from "@dropgate/contracts/sale-metrics";
import { readRecentAlerts } from "@dropgate/sql/alerts/alert-row";
import { readStandings } from "@dropgate/sql/operators/sessions";
import { mayActAs } from "../callers/api-keys.ts";
import { alertView } from "../inventory/alert-view.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { liveMetrics } from "../sales/live-metrics.ts";
import type { Services } from "../services.ts";
import { encodeEvent } from "../socket/packet.ts";
import type { Outlet } from "./outlet.ts";
import type { Visitor } from "./visitor.ts";

/** By what somebody watches as an operator; it is asked again and again whether it still is. */
export type Watching = { by: "session"; tokenHash: Buffer; role: Role } | { by: "key"; key: string };

/** What was raised in a transaction that committed late is still found. */
const ALERT_OVERLAP_MS = 5_000;
const ALERT_TOPIC = "operators";

type DeskServices = Pick<Services, "truth" | "callers" | "figures" | "metrics" | "sales">;

export class OperatorDesk {
  readonly #services: DeskServices;
  readonly #outlet: Outlet;
  readonly #onError: (error: unknown) => void;
  readonly #watchers = new Map<KnownSale, Set<Visitor>>();
  readonly #told = new Map<KnownSale, string>();
  /** Alerts of the last seconds that were told already. */
  #alertsKnown = new Set<string>();
  #alertsLookedAtMs: number | null = null;
  readonly #timers: NodeJS.Timeout[];
  #isLooking = false;

  constructor(services: DeskServices, outlet: Outlet, onError: (error: unknown) => void) {
    this.#services = services;
    this.#outlet = outlet;
    this.#onError = onError;
    services.figures.watched = () => new Set(this.#watchers.keys());
    this.#timers = [
      setInterval(() => this.#beat(), METRICS_EVERY_MS),
      setInterval(() => void this.#look(), OPERATORS_RECHECK_MS),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** In the packet that says that it is connected. */
  welcome(visitor: Visitor): void {
    const { socket, room, watching } = visitor;
    if (socket === null || room === null || watching === null) return;
    const there = this.#watchers.get(room.sale);
    if (there) there.add(visitor);
    else this.#watchers.set(room.sale, new Set([visitor]));
    socket.subscribe(topicOf(room.sale));
    socket.subscribe(ALERT_TOPIC);
    this.catchUp(visitor);
    // The first who watches: what is only sampled for such is sampled now.
    if (!there) this.#services.figures.sample(Date.now()).catch(this.#onError);
  }

  /** A slow reader reads again: of the figures the newest. */
  catchUp({ socket, room, watching }: Visitor): void {
    if (socket === null || room === null || watching === null) return;
    const metrics = this.#metrics(room.sale);
    if (metrics !== null) this.#outlet.sendState(socket, "metrics", encodeEvent("metrics", metrics));
  }

  leave(visitor: Visitor): void {
    const { room, watching } = visitor;
    if (room === null || watching === null) return;
    const there = this.#watchers.get(room.sale);
    there?.delete(visitor);
    if (there?.size !== 0) return;
    this.#watchers.delete(room.sale);
    this.#told.delete(room.sale);
  }

  #beat(): void {
    for (const sale of this.#watchers.keys()) {
      const metrics = this.#metrics(sale);
      if (metrics === null) continue;
      // The moment alone is no news.
      const { at: _, figures, ...rest } = metrics;
      const told = JSON.stringify([rest, { ...figures, at: "" }]);
      if (this.#told.get(sale) === told) continue;
      this.#told.set(sale, told);
      this.#outlet.publish(topicOf(sale), "metrics", () => encodeEvent("metrics", metrics));
    }
  }

  #metrics(sale: KnownSale): LiveMetrics | null {
    const { figures, metrics, sales } = this.#services;
    const own = metrics.own.read(figures.clientsOf(sales.known()));
    return liveMetrics(sale, figures, own, Date.now());
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#watchers.size === 0) return;
    this.#isLooking = true;
    try {
      await this.#recheck();
      await this.#tellAlerts();
    } catch (error) {
      // While PostgreSQL is away nobody can end a session either; the figures say that it is.
      this.#onError(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #recheck(): Promise<void> {
    const { truth, callers } = this.#services;
    const all = [...this.#watchers.values()].flatMap((visitors) => [...visitors]);
    const hashes = new Map<string, Buffer>();
    for (const { watching } of all)
      if (watching?.by === "session") hashes.set(watching.tokenHash.toString("hex"), watching.tokenHash);
    const rows =
      hashes.size === 0 ? [] : await readStandings(truth, [...hashes.values()], callers.sessions.times);
    const standing = new Map(rows.map((row) => [row.tokenHash.toString("hex"), row]));
    for (const visitor of all) {
      const { watching, socket } = visitor;
      if (watching === null || socket === null) continue;
      if (watching.by === "key") {
        const caller = await callers.apiKey(watching.key);
        if (caller === null || !mayActAs(caller, ["operator"])) socket.disconnect();
        continue;
      }
      const row = standing.get(watching.tokenHash.toString("hex"));
      if (row === undefined || row.mustChangePassword || !roleMay(row.role, "read")) socket.disconnect();
      // Another role: it may come back, and is looked at anew.
      else if (row.role !== watching.role) socket.close();
    }
  }

  async #tellAlerts(): Promise<void> {
    const nowMs = performance.now();
    const sinceMs = nowMs - (this.#alertsLookedAtMs ?? nowMs) + ALERT_OVERLAP_MS;
    const alerts = await readRecentAlerts(this.#services.truth, sinceMs, ALERTS_TOLD_MAX);
    const isFirst = this.#alertsLookedAtMs === null;
    this.#alertsLookedAtMs = nowMs;
    const known = new Set<string>();
    for (const alert of alerts) {
      const name = `${alert.id} ${alert.times}`;
      known.add(name);
      if (isFirst || this.#alertsKnown.has(name)) continue;
      this.#outlet.publish(ALERT_TOPIC, "alert", () => encodeEvent("alert", alertView(alert)));
    }
    this.#alertsKnown = known;
  }
}

function topicOf({ id }: KnownSale): string {
  return `operators/${id}`;
}
