// Whether what is shown has stood still for a while. A button that has just taken the place of another is pressed by the
// hand that was on its way to that other one.
import { useEffect, useState } from "react";

/** @param first what it begins with; another one than `value`: it is new, and has to stand still first */
export function useSettled<Value>(value: Value, forMs: number, first: Value = value): boolean {
  const [seen, setSeen] = useState({ value: first, isStill: true });
  if (seen.value !== value) setSeen({ value, isStill: false });
  useEffect(() => {
    if (seen.isStill) return;
    const timer = setTimeout(() => setSeen({ ...seen, isStill: true }), forMs);
    return () => clearTimeout(timer);
  }, [seen, forMs]);
  return seen.value === value && seen.isStill;
}
