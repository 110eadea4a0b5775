// What the simulated shoppers of a rehearsal show at the door: by it a gateway knows that they are no crowd of one address,
// and lets nobody else into the rehearsal. It opens that one sale, in which nothing is sold.
import { timingSafeEqual } from "node:crypto";
import { HmacSha256 } from "../hmac.ts";

/** @param idKey the rehearsal's own, which never leaves the servers */
export function rehearsalPass(saleId: string, idKey: Uint8Array): string {
  return `${saleId}.${new HmacSha256(idKey).digest("rehearsal").toString("base64url")}`;
}

/** The sale that a pass names; null when it is none. It proves nothing yet. */
export function saleOfPass(pass: string): string | null {
  const dot = pass.indexOf(".");
  return dot > 0 ? pass.slice(0, dot) : null;
}

export function isRehearsalPass(
  pass: string,
  sale: { id: string; rehearsal: boolean; idKey: Uint8Array },
): boolean {
  if (!sale.rehearsal) return false;
  const wanted = Buffer.from(rehearsalPass(sale.id, sale.idKey));
  const given = Buffer.from(pass);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
