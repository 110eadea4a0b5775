// Draws the one card: a headline, a figure, a few lines, one action. What they say is card-content's; this keeps each
// part in its place, and the keyboard's focus where the shopper is.

import type { Snapshot } from "@dropgate/client/room/room-store";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { PressTexts } from "../texts/en-press.ts";
import { texts } from "../texts/texts.ts";
import styles from "./card.module.css";
import type { Action, ActionName, CardContent } from "./card-content.ts";
import type { AskedAct } from "./question.tsx";

interface Asked {
  act: AskedAct;
  /** The state in which it was asked; in another the question is void. */
  kind: CardContent["kind"];
  Question: typeof import("./question.tsx")["default"];
  words: PressTexts["questions"];
}

export interface CardProps {
  snapshot: Snapshot;
  content: CardContent;
  /** Where the checkout action leads; null while the pass is on its way. */
  checkoutHref: string | null;
  drawHref: string;
  onAct: (name: ActionName) => void;
  /** The question could not be loaded. */
  onAway: () => void;
}

const ASKED: Partial<Record<ActionName, AskedAct>> = {
  leave: "leave",
  giveBack: "giveBack",
  letPass: "letPass",
};

export function Card({ snapshot, content, checkoutHref, drawHref, onAct, onAway }: CardProps): ReactNode {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { room, moment } = snapshot;
  const card = useRef<HTMLElement>(null);
  const headline = useRef<HTMLHeadingElement>(null);
  const hadFocus = useRef(false);
  const { kind } = content;
  const { acting } = room;

  // A button that went away hands its focus on, and the offer takes it.
  useEffect(() => {
    const note = (event: FocusEvent) => {
      hadFocus.current = card.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    const isLost = hadFocus.current && document.activeElement === document.body;
    // In a merchant's page the keyboard may be at work elsewhere: there the element around us decides.
    if (parent !== window && !document.hasFocus()) return;
    const isTurn = kind === "offered";
    if (isTurn || isLost) headline.current?.focus({ preventScroll: true });
    // All of it, with its button.
    if (isTurn) card.current?.scrollIntoView({ block: "nearest" });
  }, [kind]);

  function start(action: Action): void {
    const question = ASKED[action.name];
    if (acting !== null) return;
    if (question === undefined) return onAct(action.name);
    Promise.all([import("./question.tsx"), texts.press()]).then(
      ([loaded, { questions }]) =>
        setAsked({ act: question, kind, Question: loaded.default, words: questions }),
      onAway,
    );
  }

  const { figure, bar, primary } = content;
  const length = figure.text.length > 14 ? "longer" : figure.text.length > 8 ? "long" : "short";
  return (
    <section
      ref={card}
      className={`dg-card ${styles.card}`}
      data-kind={kind}
      data-tone={content.tone}
      data-away={moment.isAway}
      aria-labelledby="headline"
    >
      <div className={styles.top}>
        <h2 id="headline" className="dg-headline" tabIndex={-1} ref={headline}>
          {content.headline}
        </h2>
        {content.ticket !== null && <p className={styles.ticket}>{texts.ticket(content.ticket)}</p>}
      </div>
      <p className={styles.figure} role={figure.isTimer ? "timer" : undefined}>
        <strong className={styles.number} data-length={length}>
          {figure.text}
        </strong>{" "}
        <span className={styles.label}>{figure.label}</span>
      </p>
      {bar !== null && <progress className={styles.bar} max={1} value={bar.share} aria-label={bar.label} />}
      <div className={styles.lines}>
        {content.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {content.facts.length > 0 && (
        <dl className={styles.facts}>
          {content.facts.map(({ label, text }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {content.message !== null && <p className="dg-message">{content.message}</p>}
      {room.refusal !== null && <p className={styles.refusal}>{texts.refusal(room.refusal)}</p>}
      <div className={styles.actions}>
        {primary !== null && drawPrimary(primary)}
        <div className={styles.others}>{content.others.map(drawOther)}</div>
      </div>
      {asked?.kind === kind && (
        <asked.Question
          words={
            asked.words[asked.act === "giveBack" && room.sale?.kind === "rush" ? "giveBackInRush" : asked.act]
          }
          onAnswer={(isYes) => {
            setAsked(null);
            if (isYes) onAct(asked.act);
          }}
        />
      )}
    </section>
  );

  function drawPrimary(action: Action): ReactNode {
    if (action.name === "checkDraw" || (action.name === "checkout" && checkoutHref !== null)) {
      return (
        <a
          className={styles.primary}
          data-name={action.name}
          href={action.name === "checkDraw" ? drawHref : (checkoutHref ?? "")}
        >
          {action.label}
        </a>
      );
    }
    const isWaiting = acting !== null || action.name === "checkout";
    return (
      <button
        type="button"
        className={styles.primary}
        data-name={action.name}
        aria-disabled={isWaiting}
        onClick={() => start(action)}
      >
        {acting === null ? action.label : texts.acting[acting]}
      </button>
    );
  }

  function drawOther(action: Action): ReactNode {
    if (action.name === "checkDraw") {
      return (
        <a key={action.name} className={styles.other} href={drawHref}>
          {action.label}
        </a>
      );
    }
    if (action.isOn !== undefined) {
      return (
        <label key={action.name} className={styles.switch}>
          <input
            type="checkbox"
            role="switch"
            checked={action.isOn}
            aria-checked={action.isOn}
            onChange={() => onAct(action.name)}
          />
          {action.label}
        </label>
      );
    }
    if (action.name === "told") {
      return (
        <span key={action.name} className={styles.told}>
          {action.label}
        </span>
      );
    }
    return (
      <button key={action.name} type="button" className={styles.other} onClick={() => start(action)}>
        {action.label}
      </button>
    );
  }
}
