// Telling a shopper by mail when their turn has come, and the link that takes their place along to another device.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { LANGUAGES } from "./languages.ts";
import { idSchema, timeSchema } from "./values.ts";

/** RFC 5321: a path has 256 characters with its brackets. */
const EMAIL_CHARACTERS_MAX = 254;

export const notificationAskSchema = z.strictObject({
  email: z.email("an e-mail address").max(EMAIL_CHARACTERS_MAX),
  language: z.enum(LANGUAGES).default("en"),
});
export type NotificationAsk = z.infer<typeof notificationAskSchema>;

/** `off`: nobody asked. `on`: we shall tell. The address is shown in part: a token that was stolen must not tell it. */
export const notificationSchema = z.object({
  state: z.enum(["off", "on"]),
  email: z.string().optional(),
  language: z.enum(LANGUAGES).optional(),
});
export type Notification = z.infer<typeof notificationSchema>;

/** 256 random bits as base64url. */
export const LINK_SECRET = /^[A-Za-z0-9_-]{43}$/;
export const linkUseSchema = z.strictObject({ link: z.string().max(100) });
export const linkMadeSchema = z.object({
  /** Its secret stands behind the `#`, which no server and no log ever gets. */
  url: z.string(),
  expiresAt: timeSchema,
});
export type LinkMade = z.infer<typeof linkMadeSchema>;

/** `turn`: a unit is offered. `returned`: a sale that was sold out has units again. */
export const MAIL_KINDS = ["turn", "returned"] as const;
export type MailKind = (typeof MAIL_KINDS)[number];
/** `lapsed`: what it would have said was no longer so. `dead`: it was given up. */
export const MAIL_STATES = ["waiting", "sending", "sent", "lapsed", "dead"] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** A mail as operators see it: never to whom. */
export const mailSchema = z.object({
  id: z.string(),
  saleId: idSchema,
  entryId: idSchema,
  kind: z.enum(MAIL_KINDS),
  state: z.enum(MAIL_STATES),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  createdAt: timeSchema,
  settledAt: timeSchema.nullable(),
});
/** The newest first. */
export const mailListSchema = z.object({ items: z.array(mailSchema), nextCursor: z.string().nullable() });
export const mailQuerySchema = pageQuerySchema.extend({
  saleId: idSchema.optional(),
  state: z.enum(MAIL_STATES).optional(),
});
