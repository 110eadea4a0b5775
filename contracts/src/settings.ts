// Every environment variable that a process of Dropgate reads, in one schema: `--help`, the documentation
// and the check at start all come from here. A wrong one stops the start with its name and what was expected.
import { z } from "zod";
import { JOINS_PER_ADDRESS_BURST, JOINS_PER_ADDRESS_PER_SECOND, LOW_STOCK_THRESHOLD } from "./limits.ts";
import { WMS_SECRET_CHARACTERS_MIN } from "./warehouse-limits.ts";

export interface Setting {
  name: string;
  text: string;
  example: string;
}

const rateSchema = z
  .string()
  .regex(/^off$|^[1-9]\d{0,8}\/[1-9]\d{0,8}$/, "`<a second>/<burst>` or `off`")
  .transform((text) => {
    if (text === "off") return null;
    const [perSecond, burst] = text.split("/").map(Number) as [number, number];
    return { perSecond, burst };
  });

const listSchema = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

const argonSchema = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[1-9]\d?\/[1-9]\d?$/, "`<KiB>/<passes>/<lanes>` such as 19456/2/1")
  .transform((text) => {
    const [memoryKiB, passes, lanes] = text.split("/").map(Number) as [number, number, number];
    return { memoryKiB, passes, lanes };
  })
  // What the algorithm itself asks for.
  .refine(({ memoryKiB, lanes }) => memoryKiB >= 8 * lanes, "8 KiB or more for each lane");

const networkSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const networksSchema = listSchema.refine(
  (items) => items.every((item) => networkSchema.safeParse(item).success),
  "addresses or CIDR blocks such as 10.1.0.0/16, by comma",
);

/** Names, meaning and form; the descriptions are what `--help` prints. */
export const settingsSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe("the port to listen on"),
  HOST: z.string().default("127.0.0.1").describe("the address to listen on; 0.0.0.0 for all"),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe("what shoppers' browsers call this gateway, e.g. https://drop.example.com"),
  REDIS_URL: z
    .string()
    .min(1)
    .describe("redis://… of the hot store, version 7.0 or later; of a cluster's servers some, by comma"),
  DATABASE_URL: z.string().min(1).describe("postgres://… of the truth, version 16 or later"),
  DROPGATE_SECRET: z
    .string()
    .min(32)
    .describe("32 or more characters from which cookies and tokens are signed; the same for every process"),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, "16 or more printable ASCII characters")
    .optional()
    .describe("an API key with every scope, to begin with"),
  PROCESS_NAME: z.string().default("").describe("what this process calls itself in logs and heartbeats"),
  ALLOWED_ORIGINS: listSchema
    .default([])
    .describe("origins of other pages that may call and connect, by comma"),
  TRUSTED_PROXIES: listSchema.default([]).describe("addresses whose X-Forwarded-For counts, by comma"),
  JOINS_PER_ADDRESS: rateSchema
    .default({ perSecond: JOINS_PER_ADDRESS_PER_SECOND, burst: JOINS_PER_ADDRESS_BURST })
    .describe("joins of one address: a second / burst, or off (then no limit by address, sockets included)"),
  WMS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("where warehouses are asked whose location has no wmsUrl; without it those requests wait"),
  WMS_SECRET: z
    .string()
    .min(WMS_SECRET_CHARACTERS_MIN)
    .optional()
    .describe(
      "16 or more characters that sign messages to and from warehouses without a secret of their own",
    ),
  WMS_ALLOW_PRIVATE: networksSchema
    .default([])
    .describe("private addresses or CIDR blocks, by comma, where a warehouse may be; others are not called"),
  WEBHOOK_ALLOW_PRIVATE: networksSchema
    .default([])
    .describe("private addresses or CIDR blocks, by comma, where a webhook may be; others are not called"),
  LOW_STOCK_THRESHOLD: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(LOW_STOCK_THRESHOLD)
    .describe("a location with at most so many of a product has only a few left"),
  EXACT_STOCK_FIGURES: z
    .enum(["on", "off"])
    .default("off")
    .transform((word) => word === "on")
    .describe("whether shoppers are told how many are left of what is low: on or off"),
  GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .default("http://127.0.0.1:8080")
    .describe("where workers find a gateway, for the simulated shoppers of dry runs"),
  WORKER_METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe("the port on which a worker answers /metrics, at HOST; 0 for none"),
  RESERVATION_WINDOW_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(900)
    .describe("how long an ordinary checkout holds its stock"),
  RESERVATION_DEMAND_WINDOW_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe("the same where more than half of what could be promised is in checkouts"),
  RESERVATION_EXTENSION_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe("what a payment that has begun adds to it, once"),
  RECONCILE_EVERY_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(31_536_000)
    .default(86_400)
    .describe("how often workers compare all stock with its ledger, its orders and Redis; 0 for never"),
  OPERATOR_IDLE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .default(43_200)
    .describe("how long a session of the console may be unused"),
  OPERATOR_SESSION_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .default(604_800)
    .describe("how long a session of the console lasts at most"),
  INITIAL_PASSWORD_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .default(259_200)
    .describe("how long a password that was made for somebody else opens the console"),
  PASSWORD_COST: argonSchema
    .default({ memoryKiB: 19_456, passes: 2, lanes: 1 })
    .describe("what hashing an operator's password by argon2id costs: KiB / passes / lanes"),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe("smtp://… or smtps://… of the mail server by which shoppers are told; without it none are"),
  MAIL_FROM: z
    .string()
    .regex(
      /^[^\p{Cc}<>@]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/u,
      "an e-mail address, or Name <address>",
    )
    .optional()
    .describe("from whom mails to shoppers come: an address, or Name <address>; SMTP_URL needs it"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("how much is logged"),
});
export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings from an environment.
 * @returns the settings, or one sentence for each variable that is wrong
 */
export function readSettings(
  env: Record<string, string | undefined>,
): { ok: true; settings: Settings } | { ok: false; sentences: string[] } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) {
    const missing = missingForMail(parsed.data);
    return missing.length === 0 ? { ok: true, settings: parsed.data } : { ok: false, sentences: missing };
  }
  const sentences = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const secret = /SECRET|KEY|URL/.test(name);
    const value = given[name];
    const seen = value === undefined ? "is not set" : secret ? "is not valid" : `is ${JSON.stringify(value)}`;
    return `${name} ${seen}: ${issue.message}.`;
  });
  return { ok: false, sentences };
}

/** A mail without a sender is refused by most servers, and one without a link's address helps nobody. */
function missingForMail(settings: Settings): string[] {
  if (settings.SMTP_URL === undefined) return [];
  return (["MAIL_FROM", "PUBLIC_URL"] as const)
    .filter((name) => settings[name] === undefined)
    .map((name) => `${name} is not set: with SMTP_URL it must be.`);
}
