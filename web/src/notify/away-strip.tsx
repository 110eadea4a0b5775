// Below the card, for who would rather not stay at this screen: two ways on, each loaded with its press.

import type { KeptEntry } from "@dropgate/client/room/room-state";
import type { Sale } from "@dropgate/contracts/sale";
import type { EntryState } from "@dropgate/contracts/states/entry";
import { memo, type ReactNode } from "react";
import { texts } from "../texts/texts.ts";
import styles from "./notify.module.css";

const WAITS: ReadonlySet<EntryState> = new Set(["waiting", "offered", "missed"]);

export interface AwayStripProps {
  kept: KeptEntry | null;
  state: EntryState | null;
  sale: Sale;
  /** A part that comes with the press did not come. */
  onAway: () => void;
}

export const AwayStrip = memo(function AwayStrip({ kept, state, sale, onAway }: AwayStripProps): ReactNode {
  const waits = state !== null && WAITS.has(state);
  if (kept === null || sale.phase === "closed" || !(waits || state === "held")) return null;
  const { away, byMail, otherDevice } = texts.actions;
  const open = (what: "mail" | "device") => (): void => {
    Promise.all([import("./dialogs.tsx"), texts.away()])
      .then(([dialogs, words]) => dialogs.openDialog({ what, kept, words }))
      .catch(onAway);
  };
  return (
    <section className={styles.strip} aria-labelledby="away">
      <h2 id="away">{away}</h2>
      <div>
        {waits && sale.notifications?.email === true && (
          <button type="button" onClick={open("mail")}>
            {byMail}
          </button>
        )}
        <button type="button" onClick={open("device")}>
          {otherDevice}
        </button>
      </div>
    </section>
  );
});
