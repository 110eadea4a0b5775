// Questions that stand before the page, and the one before anything that cannot be taken back: it says what will happen
// and to how many. Escape and the veil mean no; the focus goes back where it was.
import { type ReactNode, useState } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Outcome } from "../api/call.ts";
import { sentenceOf } from "../api/problem.ts";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";
import { Notice } from "./notice.tsx";
import { useSettled } from "./use-settled.ts";

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  isQuestion = false,
  isKept = false,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  isQuestion?: boolean;
  /** Neither Escape nor the veil closes it: what it shows would be lost, or the answer to what was pressed. */
  isKept?: boolean;
}) {
  return (
    <ModalOverlay
      className={styles["veil"] ?? ""}
      isOpen={isOpen}
      isDismissable={!isKept}
      isKeyboardDismissDisabled={isKept}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles["modal"] ?? ""}>
        <AriaDialog className={styles["dialog"] ?? ""} role={isQuestion ? "alertdialog" : "dialog"}>
          <Heading slot="title" className={styles["title"] ?? ""}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface Question {
  title: string;
  /** What it will do, and to how many. */
  text: ReactNode;
  /** What the button does, as a verb: never "OK". */
  yes: string;
  no?: string;
  isDanger?: boolean;
  /** Asked once more in these words, after the first yes. */
  second?: { title: string; text: ReactNode; yes: string };
}

/** Why what is under way cannot be cancelled: it would be done all the same, and its refusal would be lost. */
export const UNDER_WAY = "It is being done. Wait for the answer.";
/** So long a button that takes the place of another takes no press: the second of a double click was not meant for it. */
export const DOUBLE_CLICK_MS = 700;

/**
 * Asks before it does. The dialog stays open with the reason when it was refused.
 * @param onYes does it; null: it was not even asked of the server
 */
export function Confirm({
  question,
  isOpen,
  onClose,
  onYes,
  children,
  whyNot = null,
}: {
  question: Question;
  isOpen: boolean;
  onClose: () => void;
  onYes: () => Promise<Outcome<unknown> | null>;
  /** Fields to fill in before the first yes. */
  children?: ReactNode;
  whyNot?: string | null;
}) {
  const [isSecond, setSecond] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const { second } = question;
  const isAskedTwice = isSecond && second !== undefined;
  const asked = isAskedTwice ? second : question;
  const isSettled = useSettled(isSecond, DOUBLE_CLICK_MS);

  function close(): void {
    setSecond(false);
    setRefused(null);
    onClose();
  }
  async function press(): Promise<void> {
    if (second !== undefined && !isSecond) {
      setSecond(true);
      return;
    }
    setBusy(true);
    const outcome = await onYes();
    setBusy(false);
    if (outcome === null || outcome.ok) close();
    else setRefused(sentenceOf(outcome.problem));
  }
  return (
    <Dialog title={asked.title} isOpen={isOpen} onClose={close} isQuestion isKept={isBusy}>
      <div className={styles["text"]}>{asked.text}</div>
      {!isSecond && children}
      {refused !== null && <Notice tone="bad">{refused}</Notice>}
      <div className={styles["buttons"]}>
        <Button whyNot={isBusy ? UNDER_WAY : null} onPress={close}>
          {question.no ?? "Cancel"}
        </Button>
        <Button
          key={asked.yes}
          tone={question.isDanger === true ? "danger" : "primary"}
          isBusy={isBusy}
          whyNot={whyNot ?? (isAskedTwice && !isSettled ? "Read it first." : null)}
          onPress={() => void press()}
        >
          {asked.yes}
        </Button>
      </div>
    </Dialog>
  );
}
