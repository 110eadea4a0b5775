// Tells of the turn where the page is not looked at: two soft notes, a buzz, the browser's own notification. A browser
// only allows these to a page that was touched, so all of it is loaded and armed with the first press.
import type { PressTexts } from "../texts/en-press.ts";
import { texts } from "../texts/texts.ts";

let audio: AudioContext | null = null;
let words: PressTexts["notification"] | null = null;

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

/** It is the shopper's turn. @param sale its title */
export function signalTurn(sale: string, withSound: boolean): void {
  if (withSound) playNotes();
  navigator.vibrate?.([180, 90, 180]);
  if (document.hidden) notify("offered", sale);
}

/** A unit came back, in a sale that had none. @param sale its title */
export function signalReturn(sale: string): void {
  if (document.hidden) notify("back", sale);
}

function playNotes(): void {
  if (audio?.state !== "running") return;
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

function notify(what: keyof PressTexts["notification"], sale: string): void {
  if (words === null || !("Notification" in globalThis) || Notification.permission !== "granted") return;
  try {
    const { title, text } = words[what];
    const notification = new Notification(title, {
      body: text(sale),
      tag: `dropgate-${what}`,
      lang: texts.language,
      requireInteraction: what === "offered",
    });
    notification.addEventListener("click", () => {
      focus();
      notification.close();
    });
  } catch {
    // Some phones only let a service worker notify; title, icon and sound still tell.
  }
}
