// A figure with its name, and what it means beside it.
import { Children, type ReactNode } from "react";
import styles from "./stat.module.css";

export function Stat({
  name,
  value,
  more,
  tone = "plain",
}: {
  name: string;
  value: ReactNode;
  more?: ReactNode;
  tone?: "plain" | "good" | "warning" | "bad";
}) {
  return (
    <div className={styles["stat"]} data-tone={tone}>
      <dt>{name}</dt>
      <dd className={styles["value"]}>{value}</dd>
      {more !== undefined && <dd className={styles["more"]}>{more}</dd>}
    </div>
  );
}

export function Stats({ children }: { children: ReactNode }) {
  // An empty list would leave a gap that says nothing.
  if (Children.toArray(children).length === 0) return null;
  return <dl className={styles["stats"]}>{children}</dl>;
}

/** A word in a coloured frame: a phase, a state. The word alone says it too. */
export function Badge({
  children,
  tone = "plain",
}: {
  children: ReactNode;
  tone?: "plain" | "good" | "warning" | "bad" | "accent";
}) {
  return (
    <span className={styles["badge"]} data-tone={tone}>
      {children}
    </span>
  );
}
