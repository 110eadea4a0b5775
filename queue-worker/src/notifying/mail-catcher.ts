// A real mail server for tests, on a free port of this machine: it keeps what it is sent, may refuse, and may stand
// still between having a mail and saying so.
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export interface CaughtMail {
  /** From the envelope. */
  to: string[];
  mail: Email;
}

export interface MailCatcher {
  url: string;
  caught: CaughtMail[];
  /** Recipients that were named, whether the mail came or not. */
  named: string[];
  /** How the next recipients are answered; null: taken. */
  refuse(status: number | null): void;
  /** From now on a mail is kept, and never answered, until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}

export async function openMailCatcher(): Promise<MailCatcher> {
  const caught: CaughtMail[] = [];
  const named: string[] = [];
  let status: number | null = null;
  let held: (() => void)[] | null = null;
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    closeTimeout: 100,
    onRcptTo({ address }, _session, answer) {
      named.push(address);
      if (status === null) return answer();
      // As most servers do: the words have the address in them.
      answer(Object.assign(new Error(`<${address}> is not welcome`), { responseCode: status }));
    },
    onData(stream, { envelope }, answer) {
      const to = envelope.rcptTo.map(({ address }) => address);
      const keep = async (): Promise<void> => {
        caught.push({ to, mail: await PostalMime.parse(await buffer(stream)) });
        if (held === null) answer();
        else held.push(() => answer());
      };
      keep().catch(answer);
    },
  });
  // Whoever is killed in the middle breaks a connection, which is what the test is about.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    caught,
    named,
    refuse(next) {
      status = next;
    },
    hold() {
      const waiting: (() => void)[] = [];
      held = waiting;
      return () => {
        held = null;
        for (const answer of waiting) answer();
      };
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
