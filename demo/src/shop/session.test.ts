import { expect, test } from "vitest";
import { beginSessions } from "./session.ts";

const sessions = beginSessions(Buffer.alloc(32, 1));
const sent = (setCookie: string): string => setCookie.split(";")[0] ?? "";

test("a cookie that the shop signed names the same bearer again, among others of the same host", () => {
  const bearer = sessions.signedIn("ada");
  const header = `dropgate_shopper=x.y; ${sent(sessions.cookieOf(bearer))}; other=1`;
  expect(sessions.read(header)).toEqual({ bearer, isNew: false });
});

test("a cookie that somebody changed, made up or signed with another secret names nobody", () => {
  const good = sent(sessions.cookieOf(sessions.signedIn("ada")));
  const foreign = sent(beginSessions(Buffer.alloc(32, 2)).cookieOf(sessions.signedIn("ada")));
  for (const header of [
    good.replace("ada", "alan"),
    `${good}x`,
    foreign,
    "shop_session=",
    "shop_session=a.b",
    undefined,
  ]) {
    const read = sessions.read(header);
    expect(read.isNew).toBe(true);
    expect(read.bearer.customer).toBeNull();
  }
});

test("signing in makes a new session", () => {
  const before = sessions.read(undefined).bearer;
  expect(sessions.signedIn("ada").session).not.toBe(before.session);
});
