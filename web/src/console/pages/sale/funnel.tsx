// The way from joining to buying, as steps.
import type { SaleTotals } from "@dropgate/contracts/sale-metrics";
import { formats } from "../../ui/formats.ts";
import { Section } from "../../ui/page.tsx";
import styles from "./funnel.module.css";
import { funnelOf } from "./funnel.ts";

export function Funnel({ totals }: { totals: SaleTotals }) {
  const steps = funnelOf(totals, formats.number);
  const most = Math.max(1, ...steps.map(({ count }) => count));
  return (
    <Section title="From joining to buying">
      <p className={styles["of"]}>Each share is of the step above it.</p>
      <ol className={styles["funnel"]}>
        {steps.map(({ name, count, part, lost }) => (
          <li key={name}>
            <span className={styles["name"]}>{name}</span>
            <span className={styles["bar"]} aria-hidden="true">
              <span style={{ inlineSize: `${(100 * count) / most}%` }} />
            </span>
            <strong>{formats.number(count)}</strong>
            <span className={styles["part"]}>{part === null ? "" : formats.percent(part)}</span>
            <span className={styles["lost"]}>{lost.join(" · ")}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
