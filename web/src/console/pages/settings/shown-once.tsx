// A secret that is shown once, and never again.
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { say } from "../../ui/status.tsx";
import styles from "./shown-once.module.css";

export interface Secret {
  title: string;
  /** For whom, and where it goes. */
  text: string;
  secret: string;
}

export function ShownOnce({ title, text, secret, onClose }: Secret & { onClose: () => void }) {
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <p>{text} It is shown only now.</p>
      <ForCopying text={secret} />
      <Button tone="primary" onPress={onClose}>
        I have kept it
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
