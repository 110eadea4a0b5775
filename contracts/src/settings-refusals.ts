// Refusals about keys and webhooks; a part of the catalogue.
import type { RefusalKind } from "./refusals.ts";

export const SETTINGS_REFUSALS = {
  API_KEY_NOT_FOUND: {
    status: 404,
    title: "There is no such API key",
    detail: "Check the key's id.",
    mend: "caller",
    retry: false,
  },
  SHOPPER_KEY_NOT_FOUND: {
    status: 404,
    title: "There is no such shopper key",
    detail: "Check the key's kid.",
    mend: "caller",
    retry: false,
  },
  SIGNING_KEY_NOT_FOUND: {
    status: 404,
    title: "There is no such signing key",
    detail: "Check the key's kid.",
    mend: "caller",
    retry: false,
  },
  WEBHOOK_NOT_FOUND: {
    status: 404,
    title: "There is no such webhook",
    detail: "Check the webhook's id.",
    mend: "caller",
    retry: false,
  },
  DELIVERY_NOT_FOUND: {
    status: 404,
    title: "There is no such delivery",
    detail: "Check the id; those that were delivered are kept for some days only.",
    mend: "caller",
    retry: false,
  },
} as const satisfies Record<string, RefusalKind>;
