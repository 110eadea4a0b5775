// A sentence that stands where it matters: good, neutral, a warning, or what went wrong. What went wrong is spoken.
import type { ReactNode } from "react";
import styles from "./notice.module.css";

export function Notice({
  tone,
  children,
  action,
}: {
  tone: "good" | "plain" | "warning" | "bad";
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={`${styles["notice"]} ${styles[tone]}`} role={tone === "bad" ? "alert" : undefined}>
      <div>{children}</div>
      {action}
    </div>
  );
}
