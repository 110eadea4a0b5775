// Draws the one card: a headline, a figure, a few lines, one action. What they say is card-content's; this keeps each
// part in its place, and the keyboard's focus where the shopper is.

import type { Act } from "@dropgate/client/room/room-state";
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

/** What the room does when it is pressed: that button says so for as long as it takes. */
const ACTS: Partial<Record<ActionName, Act>> = {
  join: "join",
  leave: "leave",
  claim: "claim",
  rejoin: "rejoin",
  giveBack: "release",
  letPass: "release",
};

export function Card({ snapshot, content, checkoutHref, drawHref, onAct, onAway }: CardProps): ReactNode {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { room, moment } = snapshot;
  const card = useRef<HTMLElement>(null);
  const headline = useRef<HTMLHeadingElement>(null);
  const hadFocus = useRef(false);
  const { kind, primary, others } = content;
  const { acting } = room;
  /** What may be pressed, by which a button's going away is seen. */
  const shown = [kind, primary?.name, ...others.map((action) => action.name)].join();
  const shownBefore = useRef(shown);

  // A button that went away hands its focus on, and the offer takes it.
  useEffect(() => {
    const note = (event: FocusEvent) => {
      hadFocus.current = card.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    if (shown === shownBefore.current) return;
    shownBefore.current = shown;
    const isLost = hadFocus.current && document.activeElement === document.body;
    if (isLost && isOurs()) headline.current?.focus({ preventScroll: true });
  }, [shown]);
  useEffect(() => {
    if (kind !== "offered" || !isOurs()) return;
    // Whatever is asked above the page can wait; and under it nothing is reached, nor said aloud.
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    headline.current?.focus({ preventScroll: true });
    // All of it, with its button.
    card.current?.scrollIntoView({ block: "nearest" });
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

  const { figure, bar } = content;
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
          {/* Runs its own way: an order's number is written from left to right in Arabic too. */}
          <bdi>{figure.text}</bdi>
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
        <div className={styles.others}>{others.map(drawOther)}</div>
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

  function labelOf(action: Action): string {
    return acting !== null && ACTS[action.name] === acting ? texts.acting[acting] : action.label;
  }

  // By its name: another action is another element, so that who pressed one twice has not pressed the next.
  function drawPrimary(action: Action): ReactNode {
    if (action.name === "checkDraw" || action.name === "checkout") {
      const href = action.name === "checkDraw" ? drawHref : checkoutHref;
      // Until the pass is here the link leads nowhere; it is the same element then and later, and keeps its focus.
      const waits =
        href === null ? ({ role: "link", "aria-disabled": true, tabIndex: 0 } as const) : { href };
      return (
        <a key={action.name} className={styles.primary} data-name={action.name} {...waits}>
          {action.label}
        </a>
      );
    }
    return (
      <button
        key={action.name}
        type="button"
        className={styles.primary}
        data-name={action.name}
        aria-disabled={acting !== null}
        onClick={() => start(action)}
      >
        {labelOf(action)}
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
      <button
        key={action.name}
        type="button"
        className={styles.other}
        aria-disabled={acting !== null}
        onClick={() => start(action)}
      >
        {labelOf(action)}
      </button>
    );
  }
}

/** In a merchant's page the keyboard may be at work elsewhere: there the element around us decides. */
function isOurs(): boolean {
  return parent === window || document.hasFocus();
}
