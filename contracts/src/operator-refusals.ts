// Refusals about operators and their sessions; a part of the catalogue.
import type { RefusalKind } from "./refusals.ts";

export const OPERATOR_REFUSALS = {
  PASSWORD_REFUSED: {
    status: 400,
    title: "This password will not do",
    detail: "12 to 128 characters, and none that attackers try first.",
    mend: "caller",
    retry: false,
  },
  SIGN_IN_FAILED: {
    status: 401,
    title: "The e-mail address or the password is wrong",
    detail: "Check both. An admin can reset the password.",
    mend: "caller",
    retry: false,
  },
  CSRF_TOKEN_INVALID: {
    status: 403,
    title: "The session's token did not come with the call",
    detail: "Send the session's csrfToken as x-csrf-token; GET /admin/session tells it.",
    mend: "caller",
    retry: false,
  },
  PASSWORD_LAPSED: {
    status: 403,
    title: "This first password was not used in time",
    detail: "An admin can reset it, and so can `npx pnpm operator reset-password`.",
    mend: "operator",
    retry: false,
  },
  OWN_CORRECTION: {
    status: 403,
    title: "An operator does not approve a correction that they asked for themselves",
    detail: "A colleague with the right to approve has to look at it. You may reject it.",
    mend: "operator",
    retry: false,
  },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    title: "Choose a password of your own first",
    detail: "Somebody else has seen this one: POST /admin/session/password.",
    mend: "caller",
    retry: false,
  },
  OPERATOR_NOT_FOUND: {
    status: 404,
    title: "There is no such operator",
    detail: "Check the operator's id.",
    mend: "caller",
    retry: false,
  },
  OPERATOR_EXISTS: {
    status: 409,
    title: "There is an operator with this e-mail address already",
    detail: "Change that one, or enable it again.",
    mend: "caller",
    retry: false,
  },
  LAST_ADMIN: {
    status: 409,
    title: "Nobody would be left to administer",
    detail: "Make somebody else an admin first.",
    mend: "caller",
    retry: false,
  },
} as const satisfies Record<string, RefusalKind>;
