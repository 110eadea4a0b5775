// The door: e-mail address and password. Tries that come too fast are told how long to wait, and the button waits along.
import { useEffect, useState } from "react";
import type { Trouble } from "../api/call.ts";
import { sentenceOf, waitSentence } from "../api/problem.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { Notice } from "../ui/notice.tsx";
import styles from "./entrance.module.css";
import { signIn } from "./session.ts";

const WELCOME = {
  first: null,
  over: "Your session is over. Sign in, and you are back where you were.",
  left: "You are signed out.",
} as const;

export function SignIn({ why }: { why: keyof typeof WELCOME }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [waitMs, setWaitMs] = useWait();
  useEffect(() => {
    document.title = "Sign in – Dropgate console";
  }, []);

  async function submit(): Promise<void> {
    setBusy(true);
    setProblem(null);
    const outcome = await signIn(email.trim(), password);
    setBusy(false);
    if (outcome.ok) return;
    setProblem(outcome.problem);
    setPassword("");
    if (outcome.problem.code === "RATE_LIMITED") setWaitMs(outcome.problem.retryAfterMs ?? 1_000);
  }

  const isSlowed = problem?.code === "RATE_LIMITED";
  const said =
    waitMs > 0 ? `Too many tries in a short time. ${waitSentence(waitMs)}` : "You can try again now.";
  return (
    <main className={styles["entrance"]}>
      <div className={styles["card"]}>
        <p className={styles["brand"]}>Dropgate</p>
        <h1 className={styles["title"]}>Sign in to the console</h1>
        {WELCOME[why] !== null && problem === null && <p className={styles["text"]}>{WELCOME[why]}</p>}
        {problem !== null && (
          <Notice tone={isSlowed ? "warning" : "bad"}>{isSlowed ? said : sentenceOf(problem)}</Notice>
        )}
        <Form className={styles["form"]} onSubmit={submit} label="Sign in">
          <Field
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={setEmail}
          />
          <Field
            label="Password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={setPassword}
          />
          <Button
            type="submit"
            tone="primary"
            isBusy={isBusy}
            whyNot={waitMs > 0 ? waitSentence(waitMs) : null}
          >
            Sign in
          </Button>
        </Form>
        <p className={styles["text"]}>Forgot it? An admin can reset your password.</p>
      </div>
    </main>
  );
}

/** Milliseconds that count themselves down, by the second. */
function useWait(): [number, (ms: number) => void] {
  const [leftMs, setLeftMs] = useState(0);
  useEffect(() => {
    if (leftMs <= 0) return;
    const timer = setTimeout(() => setLeftMs(leftMs - 1_000), Math.min(1_000, leftMs));
    return () => clearTimeout(timer);
  }, [leftMs]);
  return [Math.max(0, leftMs), setLeftMs];
}
