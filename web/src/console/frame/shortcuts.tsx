// Keys for whoever has the console open all day. Never while somebody types, and never with a modifier, which are the
// browser's and the system's.
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { PLACES, ROUTES } from "../routes/routes.ts";
import { Dialog } from "../ui/dialog.tsx";
import styles from "./shortcuts.module.css";

/** A second key has to follow within this. */
const FOLLOW_MS = 1_500;

interface Pressed {
  key: string;
  isTyping: boolean;
  hasModifier: boolean;
}
export type Meant =
  | { does: "sheet" }
  | { does: "search" }
  | { does: "go"; to: string }
  | { does: "lead" }
  | null;

/** What a key means. Pure. @param isLed whether `g` was pressed just before */
export function meaningOf({ key, isTyping, hasModifier }: Pressed, isLed: boolean): Meant {
  if (isTyping || hasModifier) return null;
  if (isLed) {
    const place = PLACES.find((each) => each.key === key);
    return place === undefined ? null : { does: "go", to: ROUTES[place.route] };
  }
  if (key === "?") return { does: "sheet" };
  if (key === "/") return { does: "search" };
  return key === "g" ? { does: "lead" } : null;
}

export function Shortcuts({ isOpen, setOpen }: { isOpen: boolean; setOpen: (isOpen: boolean) => void }) {
  const [, navigate] = useLocation();
  const [ledAt] = useState({ ms: 0 });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const isLed = event.timeStamp - ledAt.ms < FOLLOW_MS && ledAt.ms > 0;
      const meant = meaningOf(
        {
          key: event.key,
          isTyping: isEditable(event.target),
          hasModifier: event.ctrlKey || event.metaKey || event.altKey,
        },
        isLed,
      );
      ledAt.ms = meant?.does === "lead" ? event.timeStamp : 0;
      if (meant === null || meant.does === "lead") return;
      event.preventDefault();
      if (meant.does === "sheet") setOpen(true);
      if (meant.does === "search") document.querySelector<HTMLElement>("[data-search]")?.focus();
      if (meant.does === "go") navigate(meant.to);
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [ledAt, navigate, setOpen]);

  return (
    <Dialog title="Keyboard shortcuts" isOpen={isOpen} onClose={() => setOpen(false)}>
      <dl className={styles["sheet"]}>
        <Line keys={["?"]} does="This sheet" />
        <Line keys={["/"]} does="Search in the list" />
        {PLACES.map(({ name, key }) => (
          <Line key={key} keys={["g", key]} does={`Go to ${name.toLowerCase()}`} />
        ))}
        <Line keys={["↑", "↓"]} does="From row to row, once one of a table has the focus" />
        <Line keys={["Esc"]} does="Close what is open; nothing is done" />
      </dl>
    </Dialog>
  );
}

function Line({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input, textarea, select, [contenteditable], [role=menuitem]")
  );
}
