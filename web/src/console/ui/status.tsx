// What was just done, said once: seen in a corner for some seconds and spoken by readers. What went wrong stays until it
// is put away.
import { useSyncExternalStore } from "react";
import styles from "./status.module.css";

interface Word {
  id: number;
  text: string;
  tone: "good" | "bad";
}

/** Long enough to be read twice. */
const SEEN_MS = 8_000;
const WORDS_MAX = 3;

let words: readonly Word[] = [];
let last = 0;
const listeners = new Set<() => void>();

function become(next: readonly Word[]): void {
  words = next;
  for (const listener of listeners) listener();
}

export function say(text: string, tone: Word["tone"] = "good"): void {
  const word = { id: ++last, text, tone };
  become(withWord(words, word));
  if (tone === "good") setTimeout(() => hush(word.id), SEEN_MS);
}

/** Where there are too many, what was done goes before what went wrong, and the older before the newer. Pure. */
export function withWord<W extends Pick<Word, "tone">>(before: readonly W[], word: W): readonly W[] {
  if (before.length < WORDS_MAX) return [...before, word];
  const isGood = before.findIndex(({ tone }) => tone === "good");
  // Where all that stands went wrong, a word of what was done comes beside it and goes by itself.
  if (isGood === -1 && word.tone === "good") return [...before, word];
  const gone = isGood === -1 ? 0 : isGood;
  return [...before.filter((_word, i) => i !== gone), word];
}

function hush(id: number): void {
  become(words.filter((word) => word.id !== id));
}

export function StatusRegion() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => words,
  );
  const list = (tone: Word["tone"]) =>
    shown
      .filter((word) => word.tone === tone)
      .map(({ id, text }) => (
        <div key={id} className={`${styles["word"]} ${styles[tone]}`}>
          <span>{text}</span>
          <button
            type="button"
            className={styles["away"]}
            onClick={() => hush(id)}
            aria-label="Put this away"
          >
            ×
          </button>
        </div>
      ));
  return (
    <div className={styles["region"]}>
      <output>{list("good")}</output>
      <div role="alert">{list("bad")}</div>
    </div>
  );
}
