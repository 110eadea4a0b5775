// What is wider or higher than its place and scrolls there. The keyboard has to reach it too (WCAG 2.1.1).
import type { ReactNode } from "react";

const REACHABLE = { tabIndex: 0, role: "region" };

export function Scroller({
  label,
  className,
  children,
}: {
  label: string;
  className: string | undefined;
  children: ReactNode;
}) {
  return (
    <div {...REACHABLE} aria-label={label} className={className}>
      {children}
    </div>
  );
}
