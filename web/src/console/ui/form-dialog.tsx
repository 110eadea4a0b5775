// A form that stands before the page: some fields, why it was refused, and one button that says what it does.
import type { ReactNode } from "react";
import type { Trouble } from "../api/call.ts";
import { sentenceOf } from "../api/problem.ts";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";
import { Dialog, UNDER_WAY } from "./dialog.tsx";
import { Form } from "./form.tsx";
import { Notice } from "./notice.tsx";

/** Shown from when it is mounted until `onClose`, so that what was typed last time is gone. */
export function FormDialog({
  title,
  intro,
  submit,
  onSubmit,
  onClose,
  isBusy,
  problem,
  whyNot = null,
  children,
}: {
  title: string;
  /** What it will do, before the fields. */
  intro?: ReactNode;
  /** What the button does, as a verb. */
  submit: string;
  onSubmit: () => void | Promise<void>;
  onClose: () => void;
  isBusy: boolean;
  problem: Trouble | null;
  whyNot?: string | null;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} isOpen onClose={onClose} isKept={isBusy}>
      <Form label={title} className="stack" onSubmit={onSubmit}>
        {intro !== undefined && <p className={styles["text"]}>{intro}</p>}
        {children}
        {problem !== null && <Notice tone="bad">{sentenceOf(problem)}</Notice>}
        <div className={styles["buttons"]}>
          <Button whyNot={isBusy ? UNDER_WAY : null} onPress={onClose}>
            Cancel
          </Button>
          <Button type="submit" tone="primary" isBusy={isBusy} whyNot={whyNot} showWhyNot>
            {submit}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
