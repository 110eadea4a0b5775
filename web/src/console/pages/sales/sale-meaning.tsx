// What the sale will mean, beside the form while it is typed.
import { useState } from "react";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { type Draft, type Faults, timesOf } from "./draft.ts";
import { meaningOf } from "./meaning.ts";
import styles from "./sale-form.module.css";

/** Without these nothing can be foretold. */
const NEEDED = [
  "quantity",
  "ratePerSecond",
  "burst",
  "claimWindowSeconds",
  "purchaseWindowSeconds",
  "paymentExtensionSeconds",
  "opensAt",
  "closesAt",
] as const satisfies readonly (keyof Draft)[];

export function SaleMeaning({ draft, faults }: { draft: Draft; faults: Faults }) {
  const [openedAt] = useState(() => Date.now());
  const [, , opensAt, closesAt] = timesOf(draft);
  const isClear = NEEDED.every((field) => faults[field] === undefined);
  const meaning = isClear
    ? meaningOf(
        {
          kind: draft.kind,
          quantity: Number(draft.quantity),
          ratePerSecond: Number(draft.ratePerSecond),
          burst: Number(draft.burst),
          claimWindowSeconds: Number(draft.claimWindowSeconds),
          purchaseWindowSeconds: Number(draft.purchaseWindowSeconds),
          paymentExtensionSeconds: Number(draft.paymentExtensionSeconds),
          opensAt,
          closesAt,
        },
        (at) => formats.clockOrDay(at, openedAt),
      )
    : null;
  return (
    <section className={styles["meaning"]} aria-label="What it will mean">
      <h2>What it will mean</h2>
      {meaning === null ? (
        <p>Numbers and times first: then it is told here.</p>
      ) : (
        <>
          <ul>
            {meaning.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {meaning.warnings.map((warning) => (
            <Notice key={warning} tone="warning">
              {warning}
            </Notice>
          ))}
        </>
      )}
    </section>
  );
}
