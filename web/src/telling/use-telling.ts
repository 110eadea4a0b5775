// Tells of the turn beyond the page: the tab's title and icon at once, and what a touched page may do besides.
import { useEffect, useRef, useState } from "react";
import type { CardContent } from "../card/card-content.ts";
import type { Snapshot } from "../room/room-store.ts";
import { texts } from "../texts/texts.ts";
import calmIcon from "./icon-calm.svg";
import turnIcon from "./icon-turn.svg";
import { keepWish, readTelling, type Telling, type Wish } from "./telling.ts";

let signal: typeof import("./turn-signal.ts") | null = null;

/** @param isPressed call it for each press: sound is the touched page's alone */
export async function armSignal(isPressed: boolean): Promise<void> {
  try {
    signal ??= await import("./turn-signal.ts");
    if (isPressed) signal.armSound();
    await signal.armWords();
  } catch {
    // It did not come: the next press tries again, and title and icon tell without it.
  }
}

/** Keeps title and icon as the card is, and signals once when the turn has come, or units have come back. */
export function useSignals({ room, moment }: Snapshot, content: CardContent, telling: Telling): void {
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
  }, [isTurn]);

  const isGone = room.sale === null || room.sale.stock.status === "out_of_stock";
  const before = useRef({ isTurn: false, isGone });
  useEffect(() => {
    const was = before.current;
    before.current = { isTurn, isGone };
    if (isTurn && !was.isTurn) signal?.signalTurn(sale ?? "", telling.sound);
    if (was.isGone && !isGone && telling.returns) signal?.signalReturn(sale ?? "");
  }, [isTurn, isGone, sale, telling]);
}

/** What may be told and is wanted, and the way to change it (from a press). */
export function useTelling(): [Telling, (what: Wish | "notify") => void] {
  const [telling, setTelling] = useState(readTelling);
  // Who allowed notifications on an earlier visit need not touch this one.
  useEffect(() => {
    if (telling.notifying === "on") void armSignal(false);
  }, [telling.notifying]);

  async function change(what: Wish | "notify"): Promise<void> {
    if (what !== "sound" && telling.notifying === "possible") await Notification.requestPermission();
    const next = readTelling();
    if (what === "notify") return setTelling(next);
    const isOn = !telling[what] && (what === "sound" || next.notifying === "on");
    keepWish(what, isOn);
    setTelling({ ...next, [what]: isOn });
  }
  return [telling, (what) => void change(what)];
}
