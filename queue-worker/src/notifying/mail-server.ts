// The mail server that the operator named. Nothing of a mail is ever logged here, whatever SMTP_URL asks for.
import { isIP } from "node:net";
import { MAIL_SEND_MS_MAX } from "@dropgate/contracts/room-limits";
import { createTransport } from "nodemailer";
import type { ComposedMail } from "./compose-mail.ts";
import type { MailFailure } from "./mail-outcome.ts";

export interface MailServerSettings {
  /** SMTP_URL. */
  url: string;
  /** MAIL_FROM. */
  from: string;
  /** How long one mail may take, however busy the server keeps us meanwhile. */
  sendMsMax?: number;
}

export interface OutgoingMail extends ComposedMail {
  to: string;
  /** By which a mailbox knows a mail that comes twice. */
  mailId: string;
}

export class MailServer {
  readonly #transport: ReturnType<typeof createTransport>;
  readonly #from: string;
  /** Of the sender's address: what message ids end in. */
  readonly #domain: string;
  readonly #sendMsMax: number;

  constructor({ url: text, from, sendMsMax = MAIL_SEND_MS_MAX }: MailServerSettings) {
    const url = new URL(text);
    const secure = url.protocol === "smtps:";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const user = decodeURIComponent(url.username);
    this.#from = from;
    this.#sendMsMax = sendMsMax;
    this.#domain = /@([^\s<>@]+?)>?$/.exec(from)?.[1] ?? "localhost";
    this.#transport = createTransport({
      host,
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      // A password goes over an open line only within this machine.
      requireTLS: !secure && user !== "" && !isLoopback(host),
      ...(user !== "" && { auth: { user, pass: decodeURIComponent(url.password) } }),
      connectionTimeout: sendMsMax / 2,
      greetingTimeout: sendMsMax / 2,
      socketTimeout: sendMsMax,
      // A message is what we made of it, never a file or an address that it names.
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    });
  }

  /** @returns null once the server has taken it, else what went wrong */
  async send({ to, mailId, subject, text, html }: OutgoingMail): Promise<MailFailure | null> {
    try {
      await this.#transport.sendMail({
        from: this.#from,
        // An object: an address is never read for more addresses.
        to: { name: "", address: to },
        messageId: `<${mailId}@${this.#domain}>`,
        subject,
        text,
        html,
        // Out-of-office replies to it help nobody (RFC 3834).
        headers: { "Auto-Submitted": "auto-generated" },
        signal: AbortSignal.timeout(this.#sendMsMax),
      });
      return null;
    } catch (error) {
      return error instanceof Error ? (error as MailFailure) : {};
    }
  }

  close(): void {
    this.#transport.close();
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || (isIP(host) === 4 && host.startsWith("127.")) || host === "::1";
}
