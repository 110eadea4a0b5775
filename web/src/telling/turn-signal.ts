// Tells of the turn where the page is not looked at: two soft notes, a buzz, the browser's own notification. A browser
// only allows these to a page that was touched, so all of it is loaded and armed with the first press. Of several tabs
// one sounds, and one notifies, unless one of them is looked at.
import type { PressTexts } from "../texts/en-press.ts";
import { texts } from "../texts/texts.ts";

let audio: AudioContext | null = null;
let words: PressTexts["notification"] | null = null;
let shown: Notification | null = null;

/** All tabs hear of a turn within this time; whichever comes later finds that it was told. */
const TOLD_MS = 10_000;
/** The tab that is looked at says first that no notification is needed. */
const SEEN_FIRST_MS = 300;

/** A sale as a notification names it. */
export interface ToldSale {
  saleId: string;
  title: string;
}

/** Call it for a press. Where there is no sound, nothing happens. */
export function armSound(): void {
  try {
    audio ??= new AudioContext();
    void audio.resume().catch(() => undefined);
  } catch {
    // No sound on this device.
  }
}

/** Has the words at hand before they are needed. */
export async function armWords(): Promise<void> {
  words ??= (await texts.press()).notification;
}

/** It is the shopper's turn. @param holdId of the offer */
export async function signalTurn(sale: ToldSale, holdId: string, withSound: boolean): Promise<void> {
  navigator.vibrate?.([180, 90, 180]);
  if (withSound && audio?.state === "running" && (await isFirst(`sound ${holdId}`))) playNotes(audio);
  await notify("offered", sale, holdId);
}

/** The turn is over, used or not: what still calls for it is taken back. */
export function endTurn(): void {
  shown?.close();
  shown = null;
}

/** A unit came back, in a sale that had none. */
export function signalReturn(sale: ToldSale): Promise<void> {
  return notify("back", sale, sale.saleId);
}

/** Whether no other tab of this browser has begun to tell this. */
async function isFirst(what: string): Promise<boolean> {
  // Plain http has no locks, and no notifications either: there each tab has its own sound.
  if (navigator.locks === undefined) return true;
  return new Promise((resolve) => {
    navigator.locks
      .request(`dropgate ${what}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise((end) => setTimeout(end, TOLD_MS));
      })
      // Where locks are forbidden, told twice is better than not at all.
      .catch(() => resolve(true));
  });
}

function playNotes(audio: AudioContext): void {
  const start = audio.currentTime;
  for (const [index, frequency] of [587.33, 880].entries()) {
    const at = start + index * 0.18;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1);
  }
}

async function notify(what: keyof PressTexts["notification"], sale: ToldSale, id: string): Promise<void> {
  if (words === null || !("Notification" in globalThis) || Notification.permission !== "granted") return;
  if (document.hidden) await new Promise((resolve) => setTimeout(resolve, SEEN_FIRST_MS));
  const isSeen = !document.hidden;
  if (!(await isFirst(`${what} ${id}`)) || isSeen) return;
  try {
    const { title, text } = words[what];
    const notification = new Notification(title, {
      body: text(sale.title),
      // A tab that hears of it much later takes the place of the first one's.
      tag: `dropgate-${what}-${id}`,
      lang: texts.language,
      // It may begin with a title in another script.
      dir: texts.language === "ar" ? "rtl" : "ltr",
      requireInteraction: what === "offered",
    });
    if (what === "offered") shown = notification;
    notification.addEventListener("click", () => {
      focus();
      notification.close();
    });
  } catch {
    // Some phones only let a service worker notify; title, icon and sound still tell.
  }
}
