// API keys, and the keys with which a shop signs who its shoppers are.
import { z } from "zod";

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
