// What the simulated warehouse is told by its environment; a wrong value stops the start with a sentence.

/** How often something goes otherwise than it should, in percent. */
export interface Odds {
  /** An event is told up to 20 s after it happened. */
  late: number;
  /** An event is told twice. */
  twice: number;
  /** The events of an order are told in any order. */
  shuffled: number;
  /** A piece is missing when it is picked. */
  short: number;
}

export interface WarehouseSettings {
  /** 0: any free port. */
  port: number;
  host: string;
  processName: string;
  /** Where events are sent: the gateway. */
  gatewayUrl: string;
  /** Under which requests and events are signed. */
  secret: string;
  /** Where it remembers what it was asked. */
  dataDirectory: string;
  /** From one step of an order to the next, in ms. */
  stepMs: number;
  odds: Odds;
  /** The same seed and the same requests: the same accidents. */
  seed: string;
}

export type ReadSettings = { ok: true; settings: WarehouseSettings } | { ok: false; sentences: string[] };

export function readWarehouseSettings(env: Record<string, string | undefined>): ReadSettings {
  const sentences: string[] = [];
  const whole = (name: string, text: string | undefined, fallback: number, most: number): number => {
    const value = text === undefined || text === "" ? fallback : Number(text);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    sentences.push(`${name} is ${JSON.stringify(text)}: a whole number from 0 to ${most} was expected.`);
    return fallback;
  };
  const gatewayUrl = (env.GATEWAY_URL || "http://127.0.0.1:8080").replace(/\/+$/, "");
  if (!/^https?:\/\/[^\s/]+/.test(gatewayUrl)) {
    sentences.push(`GATEWAY_URL is ${JSON.stringify(gatewayUrl)}: an http(s) address was expected.`);
  }
  const secret = env.WMS_SECRET ?? "";
  if (secret === "") sentences.push("WMS_SECRET is not set: it is the one that Dropgate has.");
  const settings: WarehouseSettings = {
    port: whole("PORT", env.PORT, 8091, 65_535),
    host: env.HOST || "127.0.0.1",
    processName: env.PROCESS_NAME || "warehouse",
    gatewayUrl,
    secret,
    dataDirectory: env.WAREHOUSE_DATA || ".dropgate/warehouse",
    stepMs: whole("WAREHOUSE_STEP_MS", env.WAREHOUSE_STEP_MS, 4_000, 3_600_000),
    odds: {
      late: whole("WAREHOUSE_LATE", env.WAREHOUSE_LATE, 5, 100),
      twice: whole("WAREHOUSE_TWICE", env.WAREHOUSE_TWICE, 5, 100),
      shuffled: whole("WAREHOUSE_SHUFFLED", env.WAREHOUSE_SHUFFLED, 5, 100),
      short: whole("WAREHOUSE_SHORT", env.WAREHOUSE_SHORT, 0, 100),
    },
    seed: env.WAREHOUSE_SEED || "warehouse",
  };
  return sentences.length > 0 ? { ok: false, sentences } : { ok: true, settings };
}
