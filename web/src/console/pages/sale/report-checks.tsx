// The checks of a report, each with its evidence; what does not hold comes first and is not hidden.
import type { Report } from "@dropgate/contracts/report";
import styles from "./proof.module.css";
import { CHECK_NAMES } from "./report-words.ts";

export function ReportChecks({ report }: { report: Report }) {
  const checks = report.checks.toSorted((one, other) => Number(one.ok) - Number(other.ok));
  return (
    <ul className={styles["checks"]}>
      {checks.map(({ name, ok, detail }) => (
        <li key={name} data-ok={ok}>
          <span className={styles["mark"]}>{ok ? "Passed" : "Failed"}</span>
          <span>
            <strong>{CHECK_NAMES[name]}</strong>
            <span className={styles["detail"]}>{detail}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The verdict in one sentence. */
export function verdictOf({ ok, checks, sold, units }: Report): string {
  const failed = checks.filter((check) => !check.ok).length;
  return ok
    ? `All ${checks.length} checks passed: ${sold} of ${units} units are sold, none of them twice.`
    : `${failed} of ${checks.length} checks failed. Pause the sale and look at what is named below.`;
}
