// The rate of admission, live: what the hand does is sent while it moves, a few times a second.
import type { AdminSale } from "@dropgate/contracts/sale";
import { useEffect, useId, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { useChange } from "../../api/use-api.ts";
import { setRate } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { formats } from "../../ui/formats.ts";
import { say } from "../../ui/status.tsx";
import { burstFor, RATE_STEPS, rateOfStep, stepOfRate } from "./rate.ts";
import styles from "./rate-slider.module.css";

/** The hand rests so long before it is sent. */
const REST_MS = 250;

export function RateSlider({ sale }: { sale: AdminSale }) {
  const { operator } = useSession();
  const { run, isRunning } = useChange("putAdmission", ["getAdminSale"]);
  const [wanted, setWanted] = useState<number | null>(null);
  const id = useId();
  const whyNot = setRate(operator.role, sale.phase);
  const { ratePerSecond, burst } = sale.admission;
  const shown = wanted ?? ratePerSecond;
  const saleId = sale.id;

  useEffect(() => {
    if (wanted === null) return;
    const timer = setTimeout(() => {
      const body = { ratePerSecond: wanted, burst: burstFor(wanted, { ratePerSecond, burst }) };
      void run({ parameters: { saleId }, body }).then((outcome) => {
        if (!outcome.ok) say(sentenceOf(outcome.problem), "bad");
        // What was moved meanwhile is wanted still.
        setWanted((now) => (now === wanted ? null : now));
        return outcome;
      });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [wanted, ratePerSecond, burst, run, saleId]);

  return (
    <div className={styles["slider"]}>
      <label htmlFor={id} className={styles["label"]}>
        Let in a second
      </label>
      <output className={styles["value"]} htmlFor={id}>
        {formats.rate(shown)}
        <span>/s</span>
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={RATE_STEPS}
        step={1}
        value={stepOfRate(shown)}
        aria-valuetext={`${formats.rate(shown)} a second`}
        aria-disabled={whyNot !== null || undefined}
        aria-describedby={`${id}-more`}
        onChange={(event) => {
          if (whyNot === null) setWanted(rateOfStep(Number(event.target.value)));
        }}
      />
      <p id={`${id}-more`} className={styles["more"]}>
        {whyNot ??
          (wanted !== null || isRunning
            ? "Being told …"
            : `At once at most ${formats.number(burst)}. The ${formats.number(sale.units.free)} free units would be offered within ${formats.count(Math.ceil(sale.units.free / ratePerSecond), "second")}.`)}
      </p>
    </div>
  );
}
