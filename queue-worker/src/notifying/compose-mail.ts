// A mail to a shopper, as text and as HTML that needs nothing from anywhere: no picture that would tell that it was
// read, no script, no font. Pure.
import { type Language, RIGHT_TO_LEFT } from "@dropgate/contracts/languages";
import type { MailKind } from "@dropgate/contracts/notification";
import { MAIL_TEXTS } from "./mail-texts.ts";

export interface MailFacts {
  kind: MailKind;
  language: Language;
  /** The sale's. */
  title: string;
  /** With the link's secret behind `#`. */
  url: string;
  /** How long the offer lasts; 0 where there is none. */
  leftMs: number;
}

export interface ComposedMail {
  subject: string;
  text: string;
  html: string;
}

export function composeMail({ kind, language, title: given, url, leftMs }: MailFacts): ComposedMail {
  const { kinds, link, why } = MAIL_TEXTS[language];
  const words = kinds[kind];
  // A title may have line breaks; a subject has none.
  const title = given.replace(/\s+/g, " ").trim();
  const body = words.body(title, timeIn(language, leftMs));
  const text = [words.headline, body, `${words.action}:\n${url}`, link, `-- \n${why}`].join("\n\n");
  const direction = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  const html =
    `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">' +
    `<title>${escape(words.subject(title))}</title></head>` +
    `<body dir="${direction}" style="margin:0;padding:24px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">` +
    `<div style="max-width:32rem;margin:0 auto"><h1 style="font-size:22px;line-height:1.3;margin:0 0 12px">${escape(words.headline)}</h1>` +
    `<p style="margin:0 0 24px">${escape(body)}</p>` +
    `<p style="margin:0 0 24px"><a href="${escape(url)}" style="display:inline-block;padding:14px 24px;border-radius:12px;background:#0b6b49;color:#ffffff;font-weight:600;text-decoration:none">${escape(words.action)}</a></p>` +
    `<p style="margin:0 0 24px;font-size:14px">${escape(link)}</p>` +
    `<p style="margin:0;padding-top:16px;border-top:1px solid #8a847a;font-size:13px">${escape(why)}</p>` +
    "</div></body></html>";
  return { subject: words.subject(title), text: `${text}\n`, html };
}

/** "45 seconds", "10 minutes": rounded down, so that nobody is promised more than there is. */
function timeIn(language: Language, ms: number): string {
  const seconds = Math.max(1, Math.floor(ms / 1_000));
  const [unit, value] =
    seconds < 120 ? (["second", seconds] as const) : (["minute", Math.floor(seconds / 60)] as const);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
