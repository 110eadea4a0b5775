// A real mail server on a free port of this machine, and the mails that came.
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

export interface MailBox {
  url: string;
  /** The first mail to an address, as soon as it is there. @throws when none comes */
  mailTo(address: string): Promise<{ subject: string; text: string }>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 50;
const COMES_MS_MAX = 60_000;

export async function openMailBox(): Promise<MailBox> {
  const mails = new Map<string, { subject: string; text: string }>();
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, { envelope }, answer) {
      const keep = async (): Promise<void> => {
        const { subject = "", text = "" } = await PostalMime.parse(await buffer(stream));
        for (const { address } of envelope.rcptTo)
          if (!mails.has(address)) mails.set(address, { subject, text });
        answer();
      };
      keep().catch(answer);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    async mailTo(address) {
      const giveUpMs = performance.now() + COMES_MS_MAX;
      for (;;) {
        const mail = mails.get(address);
        if (mail !== undefined) return mail;
        if (performance.now() > giveUpMs) throw new Error(`no mail came to ${address}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
