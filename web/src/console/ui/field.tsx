// A labelled field: what it is, what is expected, and what is wrong with it as soon as that is sure. While somebody is
// still typing the first characters nothing is wrong yet; after they left it, everything is told.
import { type ReactNode, useId, useState } from "react";
import styles from "./field.module.css";

export interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "number" | "datetime-local" | "search" | "url";
  /** One sentence below it. */
  hint?: ReactNode;
  /** What is wrong with it, or null. */
  fault?: string | null;
  required?: boolean;
  autoComplete?: string;
  unit?: string;
  min?: number | string;
  max?: number | string;
  step?: number | string;
  rows?: number;
  placeholder?: string;
  /** Which language is written in it, and from which side. */
  lang?: string;
  dir?: "rtl";
  /** Cannot be changed, and why. */
  whyNot?: string | null;
}

export function Field({
  label,
  value,
  onChange,
  type = "text",
  fault = null,
  required = false,
  ...rest
}: FieldProps) {
  const { hint, autoComplete, unit, min, max, step, rows, placeholder, lang, dir, whyNot = null } = rest;
  const id = useId();
  const [isRefused, setRefused] = useState(false);
  const said = fault ?? (isRefused ? (value === "" ? "This is needed." : formOf(type, min, max)) : null);
  const below = whyNot ?? hint;
  function change(text: string): void {
    if (text !== "") setRefused(false);
    onChange(text);
  }
  const given = {
    id,
    value,
    required,
    readOnly: whyNot !== null,
    placeholder,
    lang,
    dir,
    "aria-invalid": said !== null || undefined,
    "aria-describedby":
      [said === null ? "" : `${id}-fault`, below === undefined ? "" : `${id}-hint`].join(" ").trim() ||
      undefined,
    onBlur: () => setRefused(required && value === ""),
    onInvalid: () => setRefused(true),
    className: styles["input"],
  };
  return (
    <div className={styles["field"]}>
      <label htmlFor={id} className={styles["label"]}>
        {label}
        {!required && type !== "search" && <span className={styles["optional"]}> optional</span>}
      </label>
      <div className={styles["line"]}>
        {rows === undefined ? (
          <input
            {...given}
            type={type}
            autoComplete={autoComplete ?? "off"}
            min={min}
            max={max}
            step={step}
            inputMode={type === "number" ? "decimal" : undefined}
            onChange={(event) => change(event.target.value)}
          />
        ) : (
          <textarea {...given} rows={rows} onChange={(event) => change(event.target.value)} />
        )}
        {unit !== undefined && <span className={styles["unit"]}>{unit}</span>}
      </div>
      {said !== null && (
        <p id={`${id}-fault`} className={styles["fault"]}>
          {said}
        </p>
      )}
      {below !== undefined && (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {below}
        </p>
      )}
    </div>
  );
}

/** What the browser holds a value against, in a sentence; it looks only when a form is sent. */
function formOf(type: FieldProps["type"], min?: number | string, max?: number | string): string {
  if (type === "email") return "An e-mail address, like ann@shop.example.";
  if (type === "url") return "An address that begins with https:// or http://.";
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}.`;
  if (min !== undefined) return `${min} or more.`;
  return "This cannot be used.";
}

/** One of a few; native, so that phones show their own. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  whyNot = null,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; name: string }[];
  onChange: (value: Value) => void;
  hint?: string;
  /** Cannot be changed, and why: what is chosen can be read and copied, and looks as if it could not be opened. */
  whyNot?: string | null;
}) {
  const id = useId();
  if (whyNot !== null) {
    const name = options.find((option) => option.value === value)?.name ?? value;
    return <Field label={label} value={name} onChange={() => {}} whyNot={whyNot} required />;
  }
  return (
    <div className={styles["field"]}>
      <label htmlFor={id} className={styles["label"]}>
        {label}
      </label>
      <select
        id={id}
        className={styles["input"]}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      )}
    </div>
  );
}
