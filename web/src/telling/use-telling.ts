// Tells of the turn beyond the page: the tab's title and icon at once, and what a touched page may do besides.

import type { Snapshot } from "@dropgate/client/room/room-store";
import { useEffect, useRef, useState } from "react";
import type { CardContent } from "../card/card-content.ts";
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
  const { standing } = moment;
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

  const turn = standing.kind === "offered" ? standing.holdId : null;
  const isTurn = turn !== null;
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = isTurn ? turnIcon : calmIcon;
  }, [isTurn]);

  const isGone = room.sale === null || room.sale.stock.status === "out_of_stock";
  const before = useRef<{ turn: string | null; isGone: boolean }>({ turn: null, isGone });
  const { saleId } = room;
  useEffect(() => {
    const was = before.current;
    before.current = { turn, isGone };
    const told = { saleId, title: sale ?? "" };
    if (turn === null && was.turn !== null) signal?.endTurn();
    if (turn !== null && was.turn === null) void signal?.signalTurn(told, turn, telling.sound);
    if (was.isGone && !isGone && telling.returns) void signal?.signalReturn(told);
  }, [turn, isGone, sale, saleId, telling]);
}

/** What may be told and is wanted, and the way to change it (from a press). */
export function useTelling(): [Telling, (what: Wish | "notify") => void] {
  const [telling, setTelling] = useState(readTelling);
  // Who allowed notifications on an earlier visit need not touch this one.
  useEffect(() => {
    if (telling.notifying === "on") void armSignal(false);
  }, [telling.notifying]);
  // Switched in one tab, it is switched in all.
  useEffect(() => {
    const read = (): void => setTelling(readTelling());
    addEventListener("storage", read);
    return () => removeEventListener("storage", read);
  }, []);

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
