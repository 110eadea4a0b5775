// Puts a gateway together and lets it listen: a process's own (main.ts), or one of several in a test.

import type { TemplatedApp, us_listen_socket } from "uWebSockets.js";
import {
  HEARTBEAT_MS,
  JOINS_PER_SHOPPER_BURST,
  JOINS_PER_SHOPPER_PER_SECOND,
  RESERVATION_GROUPS_MAX,
} from "@dropgate/contracts/limits";
import { ASKS_PER_SHOPPER_BURST, ASKS_PER_SHOPPER_PER_SECOND } from "@dropgate/contracts/room-limits";
import type { Settings } from "@dropgate/contracts/settings";
import { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { deriveKey, Sealer } from "@dropgate/inventory/sealing";
import { HotStore } from "@dropgate/lua";
import { LAYOUT } from "@dropgate/lua/keys";
import { Truth } from "@dropgate/sql";
import { keepAnswers } from "@dropgate/sql/idempotency/keys";
import { beatAs, fallSilent } from "@dropgate/sql/keys/heartbeats";
import type { Logger } from "pino";
import { ApiKeys } from "./callers/api-keys.ts";
import { Callers } from "./callers/callers.ts";
import { EntryTokens } from "./callers/entry-token.ts";
import { Signer } from "./callers/secrets.ts";
import { ShopperCookies } from "./callers/shopper-cookie.ts";
import { ShopperKeys } from "./callers/shopper-keys.ts";
import { WmsSecrets } from "./callers/wms-secrets.ts";
import { TrustedProxies } from "./edge/address.ts";
import { Door } from "./edge/door.ts";
import { isAway } from "./edge/faults.ts";
import { originRules } from "./edge/origins.ts";
import { RateLimit } from "./edge/rate-limit.ts";
import { makeHandlers } from "./handlers.ts";
import { HoldDesk } from "./holds/hold-desk.ts";
import { Passes } from "./holds/passes.ts";
import { Idempotency } from "./idempotency/once.ts";
import { ShopWindow } from "./inventory/shop-window.ts";
import { EntryDesk } from "./joining/entry-desk.ts";
import { Joining } from "./joining/joining.ts";
import { Live } from "./live/live.ts";
import { ConsoleCookies } from "./operators/console-cookies.ts";
import { ConsoleSessions } from "./operators/console-sessions.ts";
import { Passwords } from "./operators/passwords.ts";
import { SignInDesk } from "./operators/sign-in.ts";
import { pages } from "./pages/pages.ts";
import { QueuePages } from "./queues/queue-pages.ts";
import { Catalogue } from "./reserving/catalogue.ts";
import { ReservationDesk } from "./reserving/reservation-desk.ts";
import { ReserveDesk } from "./reserving/reserve-desk.ts";
import { leaveHold } from "./routes/entries.ts";
import { RushDesk } from "./rush/rush-desk.ts";
import { Figures } from "./sales/figures.ts";
import { SaleRegistry } from "./sales/registry.ts";
import { SaleBodies } from "./sales/sale-view.ts";
import type { Services } from "./services.ts";
import { requireUws } from "./socket/require-uws.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { ShownThemes } from "./themes/shown-themes.ts";

export interface GatewayOptions {
  settings: Settings;
  log: Logger;
  /** Where the built page lies; the web package's own dist unless said otherwise. */
  webFolder?: string;
}

export interface Gateway {
  services: Services;
  /** The port it listens on: what was asked for, or a free one for 0. */
  port: number;
  /** `http://127.0.0.1:port`-like, for whoever calls it from this machine. */
  url: string;
  /** Stops listening, finishes what is begun, closes everything. */
  stop(): Promise<void>;
}

/** The sockets' side, as far as starting and stopping go. */
export interface SocketSide {
  /** Tells everybody when to come back, and lets go of them. */
  stop(): Promise<void> | void;
}
export type AttachSockets = (app: TemplatedApp, services: Services) => SocketSide;

/** How long a gateway that starts waits for its stores before it takes calls without them. */
const STORES_WAITED_FOR_MS = 1_500;

/**
 * Listens once the stores answer, so that a gateway that comes back beside others on their port refuses nobody. It
 * waits only a moment: without stores it listens all the same, says so on /health, and answers 503 to what needs them.
 * @param attachSockets puts the realtime routes on the app, before the HTTP ones
 * @throws Error when the port cannot be listened on
 */
export async function startGateway(
  { settings, log, webFolder }: GatewayOptions,
  attachSockets?: AttachSockets,
): Promise<Gateway> {
  const uws = requireUws();
  const services = makeServices(settings, log);
  const { sales, hotStore, truth, live, metrics } = services;
  const origins = originRules(settings.ALLOWED_ORIGINS, settings.PUBLIC_URL);
  const queues = new QueuePages({
    truth,
    sessions: services.callers.sessions,
    origins,
    open: async () => {
      const { openBoard } = await import("./queues/board.ts");
      return openBoard(settings.REDIS_URL, (error) => log.debug({ err: error }, "the queues' Redis is away"));
    },
  });
  const door = new Door({
    handlers: makeHandlers(services),
    callers: services.callers,
    origins,
    proxies: new TrustedProxies(settings.TRUSTED_PROXIES),
    metrics,
    log,
    page: pages(services, webFolder),
    queues,
    strictTransport: settings.PUBLIC_URL?.startsWith("https:") ?? false,
  });
  const app = uws.App();
  const sockets = attachSockets?.(app, services);
  door.attach(app);
  await storesAnswer(services);
  const listening = await listen(app, settings.HOST, settings.PORT);
  const port = uws.us_socket_local_port(listening);
  sales.start();
  services.figures.start();
  const heart = startHeart(services);
  log.info({ host: settings.HOST, port }, "the gateway listens");

  return {
    services,
    port,
    url: localUrl(settings.HOST, port),
    async stop() {
      uws.us_listen_socket_close(listening);
      await sockets?.stop();
      await door.finishAll();
      await queues.stop();
      await heart.stop();
      sales.stop();
      services.figures.stop();
      live.stop();
      await Promise.all([hotStore.close(), truth.close(), services.groups.close()]);
      log.info("the gateway has stopped");
    },
  };
}

async function storesAnswer({ hotStore, truth }: Services): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => {
    timer = setTimeout(resolve, STORES_WAITED_FOR_MS);
  });
  const both = Promise.allSettled([hotStore.whenReady(STORES_WAITED_FOR_MS), truth.query("SELECT 1")]);
  await Promise.race([both, enough]);
  clearTimeout(timer);
}

function localUrl(host: string, port: number): string {
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** µWebSockets listens with SO_REUSEPORT, so several gateways share a port and the system spreads the calls. */
function listen(app: TemplatedApp, host: string, port: number): Promise<us_listen_socket> {
  return new Promise((resolve, reject) => {
    app.listen(host, port, (token) => {
      if (token === false) reject(new Error(`Port ${port} of ${host} cannot be listened on.`));
      else resolve(token);
    });
  });
}

function makeServices(settings: Settings, log: Logger): Services {
  const onError = (error: unknown): void => {
    if (isAway(error)) log.debug({ err: error }, "a store is away");
    else log.error({ err: error }, "work in the background failed");
  };
  const metrics = new Metrics();
  const truth = new Truth({ url: settings.DATABASE_URL, name: settings.PROCESS_NAME || "gateway", onError });
  const groups = new Truth({
    url: settings.DATABASE_URL,
    name: settings.PROCESS_NAME || "gateway",
    connectionsMax: RESERVATION_GROUPS_MAX,
    pipelined: true,
    onError,
  });
  const hotStore = new HotStore({
    url: settings.REDIS_URL,
    name: settings.PROCESS_NAME || "gateway",
    onError,
    onReady: (runId) => log.info({ runId }, "Redis is ready"),
  });
  const stock = new HotStock({ truth, hotStore });
  const shopWindow = new ShopWindow({
    truth,
    stock,
    lowStockThreshold: settings.LOW_STOCK_THRESHOLD,
    exactFigures: settings.EXACT_STOCK_FIGURES,
  });
  const secret = settings.DROPGATE_SECRET;
  const sealer = new Sealer(deriveKey(secret, "seal"));
  const secure = settings.PUBLIC_URL?.startsWith("https:") ?? false;
  const sessions = new ConsoleSessions({
    truth,
    cookies: new ConsoleCookies(new Signer(deriveKey(secret, "console device")), secure),
    csrf: new Signer(deriveKey(secret, "console csrf")),
    times: { idleSeconds: settings.OPERATOR_IDLE_SECONDS, lastsSeconds: settings.OPERATOR_SESSION_SECONDS },
  });
  const passwords = new Passwords(settings.PASSWORD_COST);
  const callers = new Callers({
    apiKeys: new ApiKeys(truth, settings.BOOTSTRAP_API_KEY, onError),
    sessions,
    cookies: new ShopperCookies(new Signer(deriveKey(secret, "shopper cookie")), secure),
    entryTokens: new EntryTokens(new Signer(deriveKey(secret, "entry token"))),
    shopperKeys: new ShopperKeys(truth, sealer, onError),
    wmsSecrets: new WmsSecrets({ truth, sealer, shared: settings.WMS_SECRET ?? null, onError }),
  });
  const live = new Live(hotStore);
  const sales = new SaleRegistry({
    truth,
    hotStore,
    live,
    tellsByMail: settings.SMTP_URL !== undefined,
    onError,
  });
  const holds = new HoldDesk({
    truth,
    hotStore,
    findSale: (saleId) => sales.find(saleId),
    keepAnswers,
    onError,
  });
  const joining = new Joining({
    hotStore,
    live,
    refreshLanes: (sale) => sales.refreshLanes(sale),
    onLanes: (listener) => sales.onLanes(listener),
    leaveHold: async (_sale, request) => {
      await leaveHold(services, request.entryId);
    },
    onError,
  });
  const rush = new RushDesk({
    truth,
    hotStore,
    live,
    refreshLanes: (sale) => sales.refreshLanes(sale),
    onError,
  });
  const reserving = new ReserveDesk({
    truth,
    groups,
    hotStock: stock,
    catalogue: new Catalogue(truth),
    windows: {
      windowSeconds: settings.RESERVATION_WINDOW_SECONDS,
      demandWindowSeconds: settings.RESERVATION_DEMAND_WINDOW_SECONDS,
    },
    onError,
  });
  const reservations = new ReservationDesk({
    truth,
    hotStock: stock,
    reserving,
    extensionSeconds: settings.RESERVATION_EXTENSION_SECONDS,
    onError,
  });
  const figures = new Figures({ truth, hotStore, sales, onError }, processName(settings));
  const entries = new EntryDesk({ truth, sales, joining });
  const perAddress = settings.JOINS_PER_ADDRESS;
  const services: Services = {
    settings,
    log,
    metrics,
    truth,
    groups,
    hotStore,
    stock,
    shopWindow,
    sealer,
    callers,
    live,
    sales,
    bodies: new SaleBodies(),
    themes: new ShownThemes(truth, onError),
    joining,
    rush,
    figures,
    entries,
    holds,
    passes: new Passes(truth, sealer, settings.PUBLIC_URL ?? localUrl(settings.HOST, settings.PORT)),
    idempotency: new Idempotency(truth, sealer),
    passwords,
    signIns: new SignInDesk({
      truth,
      passwords,
      sessions,
      initialSeconds: settings.INITIAL_PASSWORD_SECONDS,
      onEnd: (outcome) => metrics.signIns.inc({ outcome }),
    }),
    reserving,
    reservations,
    joinsByAddress: perAddress === null ? null : new RateLimit(perAddress),
    joinsByShopper: new RateLimit({
      perSecond: JOINS_PER_SHOPPER_PER_SECOND,
      burst: JOINS_PER_SHOPPER_BURST,
    }),
    asksByShopper: new RateLimit({
      perSecond: ASKS_PER_SHOPPER_PER_SECOND,
      burst: ASKS_PER_SHOPPER_BURST,
    }),
  };
  metrics.read({
    dropgate_joins_waiting: () => joining.waiting,
    dropgate_attempts_waiting: () => rush.waiting,
    dropgate_journal_records: () => joining.journal.size,
    dropgate_journal_offered_again_total: () => joining.offeredAgain,
    dropgate_holds_waiting: () => holds.waiting,
    dropgate_sales_followed: () => live.followed,
    dropgate_news_missed_total: () => live.missed,
    dropgate_transaction_retries_total: () => truth.retries + groups.retries,
    dropgate_passwords_waiting: () => passwords.waiting,
    dropgate_hot_store_ready: () => (hotStore.whole ? 1 : 0),
  });
  return services;
}

/** What this process calls itself in heartbeats. */
function processName({ PROCESS_NAME }: Settings): string {
  return PROCESS_NAME || `gateway-${process.pid}`;
}

/** Says each second that this process is there, and how it does. */
function startHeart({ truth, settings, log, metrics, figures, sales }: Services): {
  stop: () => Promise<void>;
} {
  const name = processName(settings);
  let beating = false;
  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    metrics.own.turn();
    try {
      await beatAs(truth, name, "gateway", LAYOUT, metrics.own.read(figures.clientsOf(sales.known())));
    } catch (error) {
      log.debug({ err: error }, "PostgreSQL does not take the heartbeat");
    } finally {
      beating = false;
    }
  };
  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  timer.unref();
  void beat();
  return {
    async stop() {
      clearInterval(timer);
      try {
        await fallSilent(truth, name);
      } catch (error) {
        log.debug({ err: error }, "PostgreSQL was not told that this process ends");
      }
    },
  };
}
