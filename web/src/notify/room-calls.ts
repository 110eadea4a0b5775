// The calls behind being told by mail and links to another device; loaded with the press that wants them.

import type { KeptEntry } from "@dropgate/client/room/room-state";
import type { Joined } from "@dropgate/contracts/entry";
import type { LinkMade, Notification } from "@dropgate/contracts/notification";
import type { RefusalCode } from "@dropgate/contracts/refusals";
import type { Problem } from "@dropgate/contracts/values";

export type Called<Value> = { ok: true; value: Value } | { ok: false; refusal: RefusalCode | "AWAY" };

/** No answer within this is none. */
const ANSWER_MS_MAX = 10_000;

async function call<Value>(
  method: string,
  path: string,
  token: string | null,
  body: object | null,
): Promise<Called<Value>> {
  try {
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== null) headers["authorization"] = `Bearer ${token}`;
    if (body !== null) headers["content-type"] = "application/json";
    const response = await fetch(`/api/v1/entries/${path}`, {
      method,
      headers,
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      ...(body !== null && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as Value };
    return { ok: false, refusal: ((answer as Partial<Problem>).code as RefusalCode | undefined) ?? "AWAY" };
  } catch {
    return { ok: false, refusal: "AWAY" };
  }
}

export const readNotification = ({ entryId, token }: KeptEntry): Promise<Called<Notification>> =>
  call("GET", `${entryId}/notification`, token, null);

export const askNotification = (
  { entryId, token }: KeptEntry,
  email: string,
  language: string,
): Promise<Called<Notification>> => call("POST", `${entryId}/notification`, token, { email, language });

export const withdrawNotification = ({ entryId, token }: KeptEntry): Promise<Called<Notification>> =>
  call("DELETE", `${entryId}/notification`, token, null);

export const makeLink = ({ entryId, token }: KeptEntry): Promise<Called<LinkMade>> =>
  call("POST", `${entryId}/links`, token, {});

export const takeLink = (link: string): Promise<Called<Joined>> => call("POST", "link", null, { link });
