// How this shopper may be told beyond the page, and wants to be: kept in this browser, for every sale alike.

/** Whether the browser can tell by a notification: it may be asked, it will, or it cannot. */
export type Notifying = "possible" | "on" | "impossible";

export interface Telling {
  notifying: Notifying;
  /** Two notes at one's turn. */
  sound: boolean;
  /** A notification when units come back. */
  returns: boolean;
}

export type Wish = "sound" | "returns";

const KEY = "dropgate:telling";
/** Sound is heard by who did not switch it off; of returns hears who asked. */
const FIRST = { sound: true, returns: false };

export function readTelling(): Telling {
  const wishes = readWishes();
  const notifying = readNotifying();
  return { ...wishes, notifying, returns: wishes.returns && notifying === "on" };
}

export function keepWish(wish: Wish, isOn: boolean): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readWishes(), [wish]: isOn }));
  } catch {
    // Refused: it holds as long as this page does.
  }
}

function readWishes(): Record<Wish, boolean> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Record<Wish, unknown>>;
    const { sound = FIRST.sound, returns = FIRST.returns } = kept;
    return { sound: sound === true, returns: returns === true };
  } catch {
    return FIRST;
  }
}

function readNotifying(): Notifying {
  // Plain http has no say in notifications: there the browser would refuse without asking.
  if (!("Notification" in globalThis) || !isSecureContext) return "impossible";
  if (Notification.permission === "granted") return "on";
  return Notification.permission === "default" ? "possible" : "impossible";
}
