// Being told by mail, and a link to another device, each in the browser's own dialog. A root of its own: what it needs is
// in no first load, and the card does not draw because of it.

import type { KeptEntry } from "@dropgate/client/room/room-state";
import type { Notification } from "@dropgate/contracts/notification";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import card from "../card/card.module.css";
import type { AwayTexts } from "../texts/en-away.ts";
import { DeviceLink } from "./device-link.tsx";
import { Dialog } from "./dialog.tsx";
import styles from "./notify.module.css";
import { askNotification, type Called, readNotification, withdrawNotification } from "./room-calls.ts";
import { sentenceFor } from "./sentences.ts";

export interface DialogParts {
  what: "mail" | "device";
  kept: KeptEntry;
  words: AwayTexts;
}

export function openDialog({ what, kept, words }: DialogParts): void {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const close = (): void => {
    root.unmount();
    place.remove();
  };
  root.render(
    what === "mail" ? (
      <MailDialog kept={kept} words={words} onClose={close} />
    ) : (
      <DeviceLink kept={kept} words={words} onClose={close} />
    ),
  );
}

interface DialogProps {
  kept: KeptEntry;
  words: AwayTexts;
  onClose: () => void;
}

function MailDialog({ kept, words, onClose }: DialogProps): ReactNode {
  const [stand, setStand] = useState<Notification | null>(null);
  const [said, setSaid] = useState<{ text: string; isBad: boolean }>({ text: "", isBad: false });
  const [isBusy, setBusy] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  const { mail } = words;

  const take = (called: Called<Notification>, done: string): void => {
    setBusy(false);
    if (called.ok) setStand(called.value);
    setSaid(
      called.ok ? { text: done, isBad: false } : { text: sentenceFor(called.refusal, words), isBad: true },
    );
    if (!called.ok) field.current?.focus();
  };
  useEffect(() => {
    const read = async (): Promise<void> => {
      const called = await readNotification(kept);
      setBusy(false);
      setStand(called.ok ? called.value : { state: "off" });
    };
    void read();
  }, [kept]);

  function send(event: FormEvent): void {
    event.preventDefault();
    const email = field.current?.value.trim() ?? "";
    if (isBusy) return;
    if (field.current?.validity.valid !== true || email === "") {
      setSaid({ text: words.refusals.email, isBad: true });
      field.current?.focus();
      return;
    }
    setBusy(true);
    void askNotification(kept, email, document.documentElement.lang).then((called) => take(called, ""));
  }
  function withdraw(): void {
    setBusy(true);
    void withdrawNotification(kept).then((called) => take(called, mail.withdrawn));
  }

  const isOn = stand?.state === "on";
  return (
    <Dialog title={mail.title} onClose={onClose}>
      <p>{isOn ? mail.on(stand.email ?? "") : mail.text}</p>
      <form onSubmit={send} noValidate>
        {!isOn && (
          <label className={styles.field}>
            {mail.email}
            <input
              ref={field}
              type="email"
              name="email"
              autoComplete="email"
              maxLength={254}
              required
              aria-invalid={said.isBad}
              aria-describedby="said"
              dir="ltr"
            />
          </label>
        )}
        <output id="said" className={styles.said} data-bad={said.isBad}>
          {said.text}
        </output>
        <div className={card["answers"]}>
          {isOn ? (
            <button type="button" className={card["primary"]} onClick={onClose}>
              {words.close}
            </button>
          ) : (
            <button type="submit" className={card["primary"]} aria-disabled={isBusy}>
              {isBusy && stand !== null ? mail.sending : mail.send}
            </button>
          )}
          <button type="button" className={card["other"]} onClick={isOn ? withdraw : onClose}>
            {isOn ? mail.withdraw : said.text === mail.withdrawn ? words.close : words.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
