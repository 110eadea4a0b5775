// The rate of admission, live: what the hand does is sent while it moves, a few times a second.
import { RATE_PER_SECOND_MAX } from "@dropgate/contracts/limits";
import type { AdminSale } from "@dropgate/contracts/sale";
import { useEffect, useId, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { useChange } from "../../api/use-api.ts";
import { setRate } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { formats } from "../../ui/formats.ts";
import { say } from "../../ui/status.tsx";
import { burstFor, RATE_STEPS, rateOfStep, rateOfText, stepOfRate } from "./rate.ts";
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
        {whyNot ?? (wanted !== null || isRunning ? "Being told …" : aheadOf(sale))}
      </p>
      {whyNot === null && <Exactly shown={shown} onSet={setWanted} />}
    </div>
  );
}

/** What lies between two steps of the slider, or beyond its end. */
function Exactly({ shown, onSet }: { shown: number; onSet: (rate: number) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [isTold, setTold] = useState(false);
  return (
    <Form
      label="Set the rate"
      className={styles["exactly"]}
      onSubmit={() => {
        const rate = rateOfText(typed ?? String(shown));
        setTold(rate === null);
        if (rate === null) return;
        onSet(rate);
        setTyped(null);
      }}
    >
      <Field
        label="Exactly"
        type="number"
        step="any"
        unit="/s"
        required
        value={typed ?? String(shown)}
        onChange={(text) => {
          setTyped(text);
          setTold(false);
        }}
        fault={isTold ? `More than 0, and ${formats.number(RATE_PER_SECOND_MAX)} at most.` : null}
      />
      <Button type="submit" size="small" whyNot={typed === null ? "It is let in at this rate." : null}>
        Set
      </Button>
    </Form>
  );
}

function aheadOf({ admission: { ratePerSecond, burst }, units: { free } }: AdminSale): string {
  const atOnce = `At once at most ${formats.number(burst)}.`;
  if (free === 0) return `${atOnce} No unit is free now.`;
  const seconds = Math.ceil(free / ratePerSecond);
  return `${atOnce} ${formats.count(free, "free unit")}, all offered within ${formats.count(seconds, "second")}.`;
}
