// A button, or a link that looks like one. One that cannot be pressed stays reachable and says why, to every sense: a
// `disabled` button is skipped by the keyboard and explains nothing.
import { type ReactNode, useId } from "react";
import { Link } from "wouter";
import styles from "./button.module.css";

export type Tone = "plain" | "primary" | "danger" | "quiet";

interface Look {
  children: ReactNode;
  tone?: Tone;
  size?: "normal" | "small" | "big";
}

interface ButtonProps extends Look {
  onPress?: () => void;
  type?: "button" | "submit";
  /** Why it cannot be pressed now; null: it can. */
  whyNot?: string | null;
  /** Whether the reason stands beside it, and not only in its description. */
  showWhyNot?: boolean;
  /** What it did is under way. */
  isBusy?: boolean;
  label?: string;
  isPressed?: boolean;
  /** Of one that opens something: whether it is open, and the id of it. */
  isExpanded?: boolean;
  controls?: string;
}

function classOf(tone: Tone, size: NonNullable<Look["size"]>): string {
  return [styles["button"], styles[tone], styles[size]].join(" ");
}

export function Button({
  children,
  onPress,
  type = "button",
  tone = "plain",
  size = "normal",
  whyNot = null,
  showWhyNot = false,
  isBusy = false,
  label,
  isPressed,
  isExpanded,
  controls,
}: ButtonProps) {
  const id = useId();
  const isBarred = whyNot !== null || isBusy;
  return (
    <>
      <button
        type={type}
        className={classOf(tone, size)}
        aria-disabled={isBarred || undefined}
        aria-describedby={whyNot === null ? undefined : id}
        aria-label={label}
        aria-pressed={isPressed}
        aria-expanded={isExpanded}
        aria-controls={controls}
        aria-busy={isBusy || undefined}
        title={whyNot ?? label}
        onClick={(event) => {
          if (isBarred) event.preventDefault();
          else onPress?.();
        }}
      >
        {children}
      </button>
      {whyNot !== null && (
        <span id={id} className={showWhyNot ? styles["why"] : "only-read"}>
          {whyNot}
        </span>
      )}
    </>
  );
}

/** @param href below `/console`, by `pathTo` */
export function ButtonLink({ href, children, tone = "plain", size = "normal" }: Look & { href: string }) {
  return (
    <Link href={href} className={classOf(tone, size)}>
      {children}
    </Link>
  );
}
