// A secret that is shown once, and never again.
import { Button } from "../../ui/button.tsx";
import { Dialog, DOUBLE_CLICK_MS } from "../../ui/dialog.tsx";
import { say } from "../../ui/status.tsx";
import { useSettled } from "../../ui/use-settled.ts";
import styles from "./shown-once.module.css";

export interface Secret {
  title: string;
  /** For whom, and where it goes. */
  text: string;
  secret: string;
}

/** @param kept what its only way out is called */
export function ShownOnce({
  title,
  text,
  secret,
  onClose,
  kept = "I have kept it",
}: Secret & { onClose: () => void; kept?: string }) {
  const isSettled = useSettled(true, DOUBLE_CLICK_MS, false);
  return (
    <Dialog title={title} isOpen onClose={onClose} isKept>
      <p>{text} It is shown only now.</p>
      <ForCopying text={secret} />
      <Button tone="primary" whyNot={isSettled ? null : "Keep it first."} onPress={onClose}>
        {kept}
      </Button>
    </Dialog>
  );
}

/** A text that is to be taken along whole. */
export function ForCopying({ text }: { text: string }) {
  return (
    <p className={styles["line"]}>
      <code className={styles["secret"]}>{text}</code>
      {/* Browsers keep the clipboard from pages by plain http. */}
      {"clipboard" in navigator && (
        <Button
          size="small"
          onPress={() =>
            void navigator.clipboard.writeText(text).then(
              () => say("It is copied."),
              () => say("The browser did not let it be copied. Select and copy it by hand.", "bad"),
            )
          }
        >
          Copy
        </Button>
      )}
    </p>
  );
}
