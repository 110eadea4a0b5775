// Refusals about how the waiting room looks, being told by mail, and links to another device; a part of the catalogue.
import type { RefusalKind } from "./refusals.ts";

export const ROOM_REFUSALS = {
  CONTRAST_TOO_LOW: {
    status: 400,
    title: "Not everybody could read these colours",
    detail: "See errors for each colour: the contrast it has, and the one that is needed.",
    mend: "caller",
    retry: false,
  },
  LINK_NOT_FOUND: {
    status: 404,
    title: "This link is not whole, or older than a day",
    detail: "Make a new one on the device where you joined.",
    mend: "caller",
    retry: false,
  },
  LINK_USED: {
    status: 409,
    title: "This link was used already",
    detail: "Each link works once. Make a new one on the device where you joined.",
    mend: "caller",
    retry: false,
  },
  LINK_EXPIRED: {
    status: 409,
    title: "This link was good for ten minutes",
    detail: "Make a new one on the device where you joined; your place is safe.",
    mend: "caller",
    retry: false,
  },
  NOTIFICATIONS_OFF: {
    status: 409,
    title: "Nobody is told by mail here",
    detail: "The operator has not set up a mail server.",
    mend: "operator",
    retry: false,
  },
  TOO_MANY_NOTIFICATIONS: {
    status: 409,
    title: "This e-mail address is told of enough places in this sale",
    detail: "Use another address, or take it back where it is not needed.",
    mend: "caller",
    retry: false,
  },
} as const satisfies Record<string, RefusalKind>;
