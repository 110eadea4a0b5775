// Asks once before something that cannot be taken back, in the browser's own dialog: focus is kept in it, Escape means
// no, and the answer that changes nothing comes first.
import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { PressTexts } from "../texts/en-press.ts";
import styles from "./card.module.css";

const YES = "yes";

export type AskedQuestion = keyof PressTexts["questions"];
export type AskedAct = Exclude<AskedQuestion, "giveBackInRush">;

/** Loaded with the first press that asks, so that the first load does not carry it. */
export default function Question(props: {
  words: PressTexts["questions"][AskedQuestion];
  onAnswer: (isYes: boolean) => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const { title, text, yes, no } = props.words;
  // Closed by us, not just taken away: closing gives the focus back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.question}
      aria-labelledby="question"
      aria-describedby="question-text"
      onClose={(event) => props.onAnswer(event.currentTarget.returnValue === YES)}
    >
      <h2 id="question">{title}</h2>
      <p id="question-text">{text}</p>
      <div className={styles.answers}>
        <button type="button" className={styles.primary} onClick={() => dialog.current?.close()}>
          {no}
        </button>
        <button type="button" className={styles.other} onClick={() => dialog.current?.close(YES)}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
