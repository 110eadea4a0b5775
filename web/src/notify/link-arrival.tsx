// Somebody came by a link that takes a place along. It is used when they say so, not by itself: programs that look at
// links before people do, as mail filters, would else use it up.
import type { Joined } from "@dropgate/contracts/entry";
import { type ReactNode, useState } from "react";
import { createRoot } from "react-dom/client";
import card from "../card/card.module.css";
import type { AwayTexts } from "../texts/en-away.ts";
import { Dialog } from "./dialog.tsx";
import styles from "./notify.module.css";
import { takeLink } from "./room-calls.ts";
import { sentenceFor } from "./sentences.ts";

/** @param adopt makes the entry this browser's own */
export function askToTake(link: string, words: AwayTexts, adopt: (joined: Joined) => void): void {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const close = (): void => {
    root.unmount();
    place.remove();
  };
  root.render(<Arrival link={link} words={words} onTaken={adopt} onClose={close} />);
}

interface ArrivalProps {
  link: string;
  words: AwayTexts;
  onTaken: (joined: Joined) => void;
  onClose: () => void;
}

function Arrival({ link, words, onTaken, onClose }: ArrivalProps): ReactNode {
  const [said, setSaid] = useState("");
  const [isBusy, setBusy] = useState(false);
  /** Refused for good: pressing again would change nothing. */
  const [isOver, setOver] = useState(false);
  const { arrival } = words;

  async function take(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const called = await takeLink(link);
    setBusy(false);
    if (called.ok) {
      onTaken(called.value);
      onClose();
      return;
    }
    const passes =
      called.refusal === "AWAY" || called.refusal === "BUSY" || called.refusal === "RATE_LIMITED";
    setOver(!passes);
    setSaid(sentenceFor(called.refusal, words));
  }

  return (
    <Dialog title={arrival.title} onClose={onClose}>
      {!isOver && <p>{arrival.text}</p>}
      <output className={styles.said} data-bad={said !== ""}>
        {said}
      </output>
      <div className={card["answers"]}>
        {!isOver && (
          <button
            type="button"
            className={card["primary"]}
            aria-disabled={isBusy}
            onClick={() => void take()}
          >
            {isBusy ? arrival.taking : arrival.take}
          </button>
        )}
        <button type="button" className={card["other"]} onClick={onClose}>
          {isOver ? words.close : words.cancel}
        </button>
      </div>
    </Dialog>
  );
}
