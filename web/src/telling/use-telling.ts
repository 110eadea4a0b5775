// Tells of the turn beyond the page: the tab's title and icon at once, and what a touched page may do besides.

import type { Snapshot } from "@dropgate/client/room/room-store";
import { useEffect, useState } from "react";
import type { CardContent, Notifying } from "../card/card-content.ts";
import { texts } from "../texts/texts.ts";
import calmIcon from "./icon-calm.svg";
import turnIcon from "./icon-turn.svg";

let signal: typeof import("./turn-signal.ts") | null = null;

/** Call it for each press: sound and notifications are the touched page's alone. */
export async function armSignal(): Promise<void> {
  try {
    signal ??= await import("./turn-signal.ts");
    signal.armSound();
  } catch {
    // It did not come: the next press tries again, and title and icon tell without it.
  }
}

/** Keeps title and icon as the card is, and signals once when the turn has come. */
export function useTelling({ room, moment }: Snapshot, content: CardContent): void {
  const { kind, figure } = content;
  const sale = room.sale?.title ?? null;
  const title = sale === null ? null : tabTitle(sale);
  function tabTitle(sale: string): string {
    const rest = texts.page.title(sale);
    if (kind === "offered" || kind === "held") return `${texts.tab[kind](figure.text)} – ${rest}`;
    return moment.line !== null && kind === "waiting" ? `${texts.tab.waiting(figure.text)} – ${rest}` : rest;
  }
  useEffect(() => {
    if (title !== null) document.title = title;
  }, [title]);

  const isTurn = kind === "offered";
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = isTurn ? turnIcon : calmIcon;
    if (isTurn) signal?.signalTurn(sale ?? "");
  }, [isTurn, sale]);
}

/** Whether notifications may be had, and the way to ask for them (from a press). */
export function useNotifying(): [Notifying, () => void] {
  const [notifying, setNotifying] = useState<Notifying>(readNotifying);
  return [notifying, () => void Notification.requestPermission().then(() => setNotifying(readNotifying()))];
}

function readNotifying(): Notifying {
  // Plain http has no say in notifications: there the browser would refuse without asking.
  if (!("Notification" in globalThis) || !isSecureContext) return "impossible";
  if (Notification.permission === "granted") return "on";
  return Notification.permission === "default" ? "possible" : "impossible";
}
