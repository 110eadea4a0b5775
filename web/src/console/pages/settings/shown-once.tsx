// A secret that is shown once, and never again.
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

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
      <p>
        <code>{secret}</code>
      </p>
      <Button tone="primary" onPress={onClose}>
        I have kept it
      </Button>
    </Dialog>
  );
}
