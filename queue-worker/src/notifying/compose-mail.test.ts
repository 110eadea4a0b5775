// What a mail says, in every language, and that a title is a title whatever stands in it.
import { LANGUAGES } from "@dropgate/contracts/languages";
import { MAIL_KINDS } from "@dropgate/contracts/notification";
import { describe, expect, test } from "vitest";
import { composeMail } from "./compose-mail.ts";
import { isDue, outcomeOf } from "./mail-outcome.ts";
import { MAIL_TEXTS } from "./mail-texts.ts";

const url = "https://drop.example/s/one#link=secret";

describe.each(LANGUAGES)("in %s", (language) => {
  test.each(MAIL_KINDS)("a mail of kind %s has everything, as text and as HTML", (kind) => {
    const { subject, text, html } = composeMail({ kind, language, title: "Vessel", url, leftMs: 45_900 });
    for (const part of [subject, text, html]) expect(part).toContain("Vessel");
    expect(text).toContain(url);
    expect(html).toContain('href="https://drop.example/s/one#link=secret"');
    expect(html).toContain(`lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"`);
    // Nothing is fetched when it is read.
    expect(html).not.toMatch(/src=|@import|url\(|<script|<link/);
    if (kind === "turn") expect(text).toMatch(/45|٤٥/);
  });
});

describe.each(LANGUAGES)("the words in %s", (language) => {
  const TITLE = "Vase 7b";
  const saidOf = (each: (typeof LANGUAGES)[number]): Map<string, string> => {
    const { kinds, link, why } = MAIL_TEXTS[each];
    return new Map([
      ["link", link],
      ["why", why],
      ...Object.entries(kinds).flatMap(([kind, words]): [string, string][] => [
        [`${kind}, subject`, words.subject(TITLE)],
        [`${kind}, headline`, words.headline],
        [`${kind}, body`, words.body(TITLE, "45 s")],
        [`${kind}, action`, words.action],
      ]),
    ]);
  };
  const said = saidOf(language);

  test("are there for every kind, are its own, and carry what the English ones carry", () => {
    const english = saidOf("en");
    expect([...said.keys()]).toEqual([...english.keys()]);
    expect(Object.keys(MAIL_TEXTS[language].kinds).toSorted()).toEqual([...MAIL_KINDS].toSorted());
    for (const [name, text] of said) {
      expect(text, name).toMatch(/\S/);
      expect(text, name).not.toMatch(/undefined|null|\{\w*\}/);
      if (language !== "en") expect(text, name).not.toBe(english.get(name));
      for (const value of [TITLE, "45 s"])
        expect(text.includes(value), `${name}: ${text}`).toBe(english.get(name)?.includes(value));
    }
  });

  test.each(MAIL_KINDS)("all stand in a mail of kind %s, as text and as HTML", (kind) => {
    const { subject, text, html } = composeMail({ kind, language, title: TITLE, url, leftMs: 45_900 });
    const { kinds, link, why } = MAIL_TEXTS[language];
    expect(subject).toBe(kinds[kind].subject(TITLE));
    const markup = (plain: string) => plain.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
    for (const part of [kinds[kind].headline, kinds[kind].action, link, why]) {
      expect(text).toContain(part);
      expect(html).toContain(markup(part));
    }
  });
});

test("a hostile title is neither markup nor a second header", () => {
  const title = `</p><script>alert(1)</script>\r\nBcc: x@y.z "&'`;
  const { subject, html } = composeMail({ kind: "turn", language: "en", title, url, leftMs: 600_000 });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain("<script>");
  expect(html).toContain("Claim it within 10 minutes.");
});

test("a turn is told while its offer is open, units while the sale has them, and nobody whose address is gone", () => {
  const turn = { kind: "turn", email: "a@b.c", holdState: "offered", leftMs: 1_000, phase: "live" } as const;
  expect(isDue(turn)).toBe(true);
  expect(isDue({ ...turn, holdState: "active" })).toBe(false);
  expect(isDue({ ...turn, holdState: "expired" })).toBe(false);
  expect(isDue({ ...turn, leftMs: -1 })).toBe(false);
  expect(isDue({ ...turn, email: null })).toBe(false);
  const returned = { ...turn, kind: "returned", holdState: null, leftMs: null } as const;
  expect(isDue(returned)).toBe(true);
  expect(isDue({ ...returned, phase: "sold_out" })).toBe(false);
});

test("what the server will never take is given up, what it may take later is tried again, later each time", () => {
  expect(outcomeOf(null, 1, 0)).toEqual({ to: "sent" });
  const noOne = { code: "EENVELOPE", responseCode: 550, command: "RCPT TO", response: "550 <a@b.c> who?" };
  expect(outcomeOf(noOne, 1, 0)).toEqual({
    to: "dead",
    error: "the mail server answered 550 to RCPT TO",
  });
  // Greylisting, a wrong password, a sender that is refused, a server that is away: each can be mended.
  const mendable = [
    { responseCode: 451, command: "RCPT TO" },
    { responseCode: 535, command: "AUTH PLAIN" },
    { responseCode: 550, command: "MAIL FROM" },
    { code: "ECONNREFUSED", command: "CONN" },
  ];
  for (const failure of mendable)
    expect(outcomeOf(failure, 1, 1)).toMatchObject({ to: "waiting", afterMs: 1_000 });
  expect(outcomeOf({ code: "ESOCKET" }, 3, 0)).toEqual({
    to: "waiting",
    error: "the mail server did not take it (ESOCKET)",
    afterMs: 2_000,
  });
  expect(outcomeOf({ responseCode: 451 }, 8, 0)).toMatchObject({ to: "dead" });
});
