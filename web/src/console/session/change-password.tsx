// Choosing one's own password: asked for when somebody else has seen the present one, and from the menu at any time. What
// is wrong with it is said while typing, by the very rules that the server goes by.
import { passwordFault } from "@dropgate/contracts/password-rules";
import { useEffect, useState } from "react";
import type { Trouble } from "../api/call.ts";
import { faultsOf, sentenceOf } from "../api/problem.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import { say } from "../ui/status.tsx";
import styles from "./entrance.module.css";
import { changePassword, signOut } from "./session.ts";

interface Owner {
  email: string;
  name: string;
}

/** The page that stands before everything while a password is one that somebody else has seen. */
export function FirstPassword({ owner }: { owner: Owner }) {
  useEffect(() => {
    document.title = "Choose a password – Dropgate console";
  }, []);
  return (
    <main className={styles["entrance"]}>
      <div className={styles["card"]}>
        <p className={styles["brand"]}>Dropgate</p>
        <h1 className={styles["title"]}>Choose a password of your own</h1>
        <p className={styles["text"]}>
          Somebody else has seen the one you signed in with. A few words make a good one: at least twelve
          characters.
        </p>
        <PasswordForm owner={owner} onDone={() => undefined} />
        <Button onPress={() => void signOut(false)}>Sign out</Button>
      </div>
    </main>
  );
}

/**
 * @param onDone after it was changed
 * @param onBusy while the server is asked: whoever closes the form then would not learn which password counts
 */
export function PasswordForm({
  owner,
  onDone,
  onBusy,
}: {
  owner: Owner;
  onDone: () => void;
  onBusy?: (isBusy: boolean) => void;
}) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);
  const faults = faultsOf(problem);
  const nextFault = next === "" ? null : passwordFault(next, owner);
  // What is the beginning of it is not wrong while it is typed.
  const isTheSame = isSent ? again === next : next.startsWith(again);
  const againFault = again === "" || isTheSame ? null : "It is not the same as above.";

  async function submit(): Promise<void> {
    setSent(true);
    if (passwordFault(next, owner) !== null || again !== next) return;
    setBusy(true);
    onBusy?.(true);
    const outcome = await changePassword(current, next);
    setBusy(false);
    onBusy?.(false);
    if (outcome.ok) {
      say("Your password is changed, and all your other sessions are ended.");
      onDone();
    } else setProblem(outcome.problem);
  }

  return (
    <Form className={styles["form"]} onSubmit={submit} label="Change the password">
      {problem !== null && (
        <Notice tone="bad">
          {problem.code === "SIGN_IN_FAILED" ? "The present password is wrong." : sentenceOf(problem)}
        </Notice>
      )}
      <Field
        label="Present password"
        type="password"
        autoComplete="current-password"
        required
        value={current}
        onChange={setCurrent}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        value={next}
        onChange={setNext}
        fault={nextFault ?? faults.get("/newPassword") ?? null}
      />
      <Field
        label="The new password again"
        type="password"
        autoComplete="new-password"
        required
        value={again}
        onChange={setAgain}
        fault={againFault}
      />
      <Button type="submit" tone="primary" isBusy={isBusy}>
        Change the password
      </Button>
    </Form>
  );
}
