// What is known of one thing, as names and values under each other.
import type { ReactNode } from "react";
import styles from "./facts.module.css";

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles["facts"]}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null || value === undefined || value === "" ? "–" : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A thing's own card. */
export function Card({ children }: { children: ReactNode }) {
  return <div className={styles["card"]}>{children}</div>;
}

/** What a machine said, for whoever wants it as it was. */
export function Raw({ name, value }: { name: string; value: unknown }) {
  return (
    <details className={styles["raw"]}>
      <summary>{name}</summary>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}
