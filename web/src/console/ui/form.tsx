// A native form that never navigates. After a refused try the first field with a fault has the focus.
import { type ReactNode, useRef } from "react";

/** @param label of the form, for readers */
export function Form({
  onSubmit,
  children,
  className,
  label,
}: {
  onSubmit: () => void | Promise<void>;
  children: ReactNode;
  className?: string | undefined;
  label: string;
}) {
  const form = useRef<HTMLFormElement>(null);
  const focusFault = (): void => {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form
      ref={form}
      className={className}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = form.current?.querySelector<HTMLInputElement>(":required:invalid");
        if (wrong) {
          wrong.focus();
          // The field says by itself what is missing, or what it takes.
          wrong.dispatchEvent(new Event("invalid"));
          return;
        }
        void Promise.resolve(onSubmit()).then(focusFault);
      }}
    >
      {children}
    </form>
  );
}
