// API keys, and the keys with which a shop signs who its shoppers are.
import { z } from "zod";
import { timeSchema } from "./values.ts";

export const API_SCOPES = ["merchant", "operator", "admin"] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export const apiKeyCreateSchema = z.strictObject({
  name: z.string().min(1).max(200),
  scopes: z.array(z.enum(API_SCOPES)).min(1).max(3),
});
/** The key itself is shown once, here. */
export const apiKeyCreatedSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(API_SCOPES)),
  key: z.string(),
});

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(API_SCOPES)),
  createdAt: timeSchema,
  /** As ledgers say it; null: made before that was written down. */
  createdBy: z.string().nullable(),
  /** To some minutes; null: never, as far as is known. */
  lastUsedAt: timeSchema.nullable(),
  revokedAt: timeSchema.nullable(),
  revokedBy: z.string().nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;
/** The newest first, those that were revoked included. */
export const apiKeyListSchema = z.object({ items: z.array(apiKeySchema), nextCursor: z.string().nullable() });

/** `{}` makes an HS256 secret; a public JWK registers the shop's own EdDSA or ES256 key. */
export const shopperKeyCreateSchema = z.strictObject({
  jwk: z
    .looseObject({
      kty: z.enum(["OKP", "EC"]),
      crv: z.enum(["Ed25519", "P-256"]),
      x: z.string().max(100),
      y: z.string().max(100).optional(),
      kid: z.string().max(128).optional(),
      d: z.never().optional(),
    })
    .optional(),
});
export const shopperKeyCreatedSchema = z.object({
  kid: z.string(),
  alg: z.enum(["HS256", "EdDSA", "ES256"]),
  /** HS256 only, shown once; the key is its UTF-8 bytes as given. */
  secret: z.string().optional(),
});

export const shopperKeySchema = z.object({
  kid: z.string(),
  alg: z.enum(["HS256", "EdDSA", "ES256"]),
  createdAt: timeSchema,
  /** As ledgers say it; null: made before that was written down. */
  createdBy: z.string().nullable(),
  revokedAt: timeSchema.nullable(),
  revokedBy: z.string().nullable(),
});
export type ShopperKey = z.infer<typeof shopperKeySchema>;
/** The newest first, those that were revoked included. */
export const shopperKeyListSchema = z.object({
  items: z.array(shopperKeySchema),
  nextCursor: z.string().nullable(),
});

export const SIGNING_KEY_STATES = ["announced", "signing", "verifying", "retired"] as const;
/** A key that signs passes. Its public half is in the JWKS from `createdAt` until `publishedUntil`. */
export const signingKeySchema = z.object({
  kid: z.string(),
  /**
   * `announced`: published, so that every checkout knows it before the first pass that it signs. `signing`: the one that
   * signs. `verifying`: signs no more, but passes that it signed may still be out. `retired`: published no more.
   */
  state: z.enum(SIGNING_KEY_STATES),
  createdAt: timeSchema,
  createdBy: z.string().nullable(),
  /** When it begins, or began, to sign. */
  signsFrom: timeSchema,
  /** Null: until another takes over, and then until the last pass of this one has run out. */
  publishedUntil: timeSchema.nullable(),
  /** Claimed holds that are not over and whose shopper was given a pass while this key signed. */
  passesOut: z.number().int(),
});
export type SigningKey = z.infer<typeof signingKeySchema>;
/** All there ever were, the newest first. */
export const signingKeyListSchema = z.object({ items: z.array(signingKeySchema) });
