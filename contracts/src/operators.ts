// Operators of the console as they are shown and changed, and how they sign in.
import { z } from "zod";
import { EMAIL_CHARACTERS_MAX, PASSWORD_UNITS_MAX } from "./limits.ts";
import { CONSOLE_SCOPES, ROLES } from "./roles.ts";
import { broughtText } from "./values.ts";

/** Compared in lower case: nobody has two accounts that differ in a capital. */
export const emailSchema = z.email().max(EMAIL_CHARACTERS_MAX).toLowerCase();
/** What a password may be is told by `password-rules.ts`; here is only what a body may bring. */
export const passwordSchema = z
  .string()
  .min(1)
  .max(PASSWORD_UNITS_MAX)
  .refine((text) => !/\p{Cs}/u.test(text), "no lone surrogates");
export const operatorNameSchema = broughtText(200);
export const roleSchema = z.enum(ROLES);

export const signInSchema = z.strictObject({ email: emailSchema, password: passwordSchema });

/** Whose session this is, what it may, and the token that every change by cookie has to bring. */
export const sessionSchema = z.object({
  operator: z.object({ id: z.string(), email: z.string(), name: z.string(), role: roleSchema }),
  scopes: z.array(z.enum(CONSOLE_SCOPES)),
  /** To be sent as `x-csrf-token`. */
  csrfToken: z.string(),
  /** While it is true the session opens nothing but this resource: the password was given by somebody else. */
  mustChangePassword: z.boolean(),
  signedInAt: z.string(),
  /** When it ends whatever happens; unused, it ends before. */
  expiresAt: z.string(),
  idleSeconds: z.number().int(),
});
export type ConsoleSession = z.infer<typeof sessionSchema>;

export const passwordChangeSchema = z.strictObject({
  currentPassword: passwordSchema,
  newPassword: passwordSchema,
});
/** How many sessions ended, the caller's included. */
export const sessionsEndedSchema = z.object({ ended: z.number().int() });

export const OPERATOR_STATES = ["active", "disabled"] as const;
export type OperatorState = (typeof OPERATOR_STATES)[number];

export const operatorSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  state: z.enum(OPERATOR_STATES),
  /** The password is one that somebody else has seen. */
  mustChangePassword: z.boolean(),
  /** Until when that password opens anything; null: it is their own. */
  initialPasswordUntil: z.string().nullable(),
  /** Who added them, as ledgers say it; `command`: whoever has the database's address. */
  createdBy: z.string(),
  createdAt: z.string(),
  lastSignInAt: z.string().nullable(),
});
export type Operator = z.infer<typeof operatorSchema>;

export const operatorListSchema = z.object({
  items: z.array(operatorSchema),
  nextCursor: z.string().nullable(),
});
export const operatorCreateSchema = z.strictObject({
  email: emailSchema,
  /** The address, when absent. */
  name: operatorNameSchema.optional(),
  role: roleSchema,
});
export type OperatorCreate = z.infer<typeof operatorCreateSchema>;
export const operatorPatchSchema = z.strictObject({
  name: operatorNameSchema.optional(),
  role: roleSchema.optional(),
  state: z.enum(OPERATOR_STATES).optional(),
});
export type OperatorPatch = z.infer<typeof operatorPatchSchema>;
/** The password is shown once, here; its owner has to change it at the first sign-in. */
export const operatorWithPasswordSchema = z.object({ operator: operatorSchema, initialPassword: z.string() });

/** What ledgers call `operator:<id>`, for whoever reads them; those who are disabled included. */
export const operatorNamesSchema = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string() })),
  nextCursor: z.string().nullable(),
});

/** What is remembered of operators themselves; what they do with sales and stock is in those ledgers. */
export const OPERATOR_ACTS = [
  "operator.added",
  "operator.changed",
  "operator.disabled",
  "operator.enabled",
  "password.reset",
  "password.changed",
  "session.opened",
  "sessions.ended",
] as const;
export type OperatorAct = (typeof OPERATOR_ACTS)[number];

export const operatorActsQuerySchema = z.strictObject({ operatorId: z.string().max(64).optional() });
export const operatorActListSchema = z.object({
  items: z.array(
    z.object({
      id: z.number().int(),
      at: z.string(),
      act: z.enum(OPERATOR_ACTS),
      /** Of whom it tells. */
      operatorId: z.string(),
      /** Who did it, as ledgers say it. */
      actor: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  nextCursor: z.string().nullable(),
});
