// Mails by a real mail server, for offers that a real worker made: once each, to nobody who does not want it any more,
// again after a failure, and no address anywhere but where it has to be.
import { createHash, randomBytes } from "node:crypto";
import { actOnHolds } from "@dropgate/inventory/holds/act";
import { readLink } from "@dropgate/sql/links/entry-links";
import { type ClaimedMail, claimMail, settleMail } from "@dropgate/sql/notifications/claim-mail";
import { listMails, type MailRow } from "@dropgate/sql/notifications/list-mails";
import { askNotification, withdrawNotification } from "@dropgate/sql/notifications/notification-row";
import { writeTurnMails } from "@dropgate/sql/notifications/write-mails";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { SaleStage, until } from "../sale-stage.ts";
import { sweepNotifications } from "../sweeping-notifications.ts";
import { type MailCatcher, openMailCatcher } from "./mail-catcher.ts";
import { MailJobs } from "./mail-jobs.ts";
import { MailServer } from "./mail-server.ts";

let stage: SaleStage;
let catcher: MailCatcher;
let mails: MailJobs[];
const said: unknown[] = [];

beforeEach(async () => {
  said.length = 0;
  mails = [];
  [stage, catcher] = await Promise.all([
    SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") }),
    openMailCatcher(),
  ]);
});
afterEach(async () => {
  await Promise.all(mails.map((each) => each.stop()));
  await Promise.all([stage.close(), catcher.close()]);
});

/** @param count workers that all look for what is due */
function startMails(count = 1): void {
  const prefix = `{mails-${randomBytes(6).toString("hex")}}`;
  for (let n = 0; n < count; n += 1) {
    mails.push(
      new MailJobs({
        redisUrl: inject("redisUrl"),
        prefix,
        truth: stage.truth,
        happened: (what) => said.push(what),
        server: new MailServer({ url: catcher.url, from: "The Shop <line@shop.example>" }),
        publicUrl: "https://drop.example/",
        onError: (error) => said.push(error),
      }),
    );
  }
}

async function openLobby(
  shoppers: readonly string[],
  quantity: number,
  claimWindowSeconds = 60,
): Promise<void> {
  await stage.createSale({ title: "Vessel No. 7", quantity, claimWindowSeconds });
  stage.startWorkers();
  await stage.lanesReady();
  await stage.join(shoppers);
}
const ask = (name: string, language: "en" | "de" = "en", wantsReturned = false): Promise<boolean> =>
  askNotification(
    stage.truth,
    { entryId: stage.entryOf(name), saleId: stage.sale.id, email: `${name}@example.com`, language },
    wantsReturned,
    3,
  );
const rows = (): Promise<MailRow[]> => listMails(stage.truth, { saleId: stage.sale.id }, null, 100);
const states = async (): Promise<string[]> => (await rows()).map(({ state }) => state);
const settled = (count: number): Promise<void> =>
  until("the mails are settled", async () => {
    const all = await states();
    return all.length === count && all.every((state) => state !== "waiting" && state !== "sending");
  });

test("whose turn comes is told once, in their language, with a link to their place, however many workers look", async () => {
  await openLobby(["ann", "bea", "cem"], 3);
  // Before intake has stored anything: it is acknowledged, and that counts.
  expect([await ask("ann"), await ask("bea", "de")]).toEqual([true, true]);
  startMails(3);
  await stage.drawNow();
  await settled(2);
  expect(catcher.caught.map(({ to }) => to[0]).toSorted()).toEqual(["ann@example.com", "bea@example.com"]);
  const [ann] = catcher.caught.filter(({ to }) => to[0] === "ann@example.com");
  expect(ann?.mail).toMatchObject({
    subject: "It's your turn: Vessel No. 7",
    from: { name: "The Shop", address: "line@shop.example" },
  });
  expect(ann?.mail.text).toMatch(/Claim it within (59|58|5\d) seconds\./);
  const german = catcher.caught.find(({ to }) => to[0] === "bea@example.com")?.mail;
  expect(german?.subject).toBe("Sie sind dran: Vessel No. 7");

  const link = new RegExp(`https://drop\\.example/s/${stage.sale.id}#link=([\\w-]{43})`).exec(
    ann?.mail.text ?? "",
  );
  expect(ann?.mail.html).toContain(link?.[0]);
  const hash = createHash("sha256")
    .update(link?.[1] ?? "")
    .digest();
  expect(await readLink(stage.truth, hash)).toMatchObject({
    entryId: stage.entryOf("ann"),
    attempt: 1,
    bucket: 0,
    isUsed: false,
    isOver: false,
  });
  // Nothing of it is sent again by later looks, and nobody's address is in the list or the log.
  expect(JSON.stringify([await rows(), said, stage.errors])).not.toContain("@example.com");
  expect(said.filter((what) => what === "mail.sent")).toHaveLength(2);
});

test("who took it back, or has claimed already, is told nothing", async () => {
  await openLobby(["ann", "bea", "cem"], 3);
  await Promise.all(["ann", "bea", "cem"].map((name) => ask(name)));
  await stage.drawNow();
  await until("all have an offer", async () => (await openOffers()).length === 3);
  catcher.refuse(451);
  startMails();
  await until(
    "each was tried",
    async () => (await rows()).filter(({ lastError }) => lastError !== null).length === 3,
  );
  await withdrawNotification(stage.truth, stage.entryOf("ann"));
  const bea = (await openOffers()).find(({ entryId }) => entryId === stage.entryOf("bea"));
  await actOnHolds(stage.truth, [
    { holdId: bea?.holdId ?? "", act: "claim", actor: "shopper", entryId: null },
  ]);
  catcher.refuse(null);
  await settled(3);
  expect(catcher.caught.map(({ to }) => to[0])).toEqual(["cem@example.com"]);
  expect((await states()).toSorted()).toEqual(["lapsed", "lapsed", "sent"]);
});

async function openOffers(): Promise<{ holdId: string; entryId: string }[]> {
  const { rows: holds } = await stage.truth.query<{ holdId: string; entryId: string }>(
    `SELECT hold_id AS "holdId", entry_id AS "entryId" FROM holds
     WHERE sale_id = $1 AND state = 'offered' AND published_at IS NOT NULL`,
    [stage.sale.id],
  );
  return holds;
}

test("a mail is one worker's at a time, and one that was thought dead writes nothing over what the next has found", async () => {
  await openLobby(["ann"], 1);
  await ask("ann");
  await stage.drawNow();
  await until("an offer is told", async () => (await openOffers()).length === 1);
  await Promise.all([writeTurnMails(stage.truth, 10), writeTurnMails(stage.truth, 10)]);
  const [row] = await rows();
  const claim = (): Promise<ClaimedMail | null> => claimMail(stage.truth, row?.id ?? "", 60_000);
  const claims = (await Promise.all([claim(), claim(), claim()])).filter((each) => each !== null);
  expect([(await rows()).length, claims.length]).toEqual([1, 1]);
  await stage.truth.query("UPDATE notification_mails SET next_at = clock_timestamp() WHERE sale_id = $1", [
    stage.sale.id,
  ]);
  const second = await claim();
  expect(second?.attempts).toBe(2);
  const settle = (attempts: number): Promise<boolean> =>
    settleMail(stage.truth, { mailId: row?.id ?? "", attempts }, { to: "sent" });
  expect([await settle(1), await states(), await settle(2), await states()]).toEqual([
    false,
    ["sending"],
    true,
    ["sent"],
  ]);
});

test("a mail that the server will never take is a dead letter, without the address that the server repeats", async () => {
  await openLobby(["ann"], 1);
  await ask("ann");
  catcher.refuse(550);
  startMails();
  await stage.drawNow();
  await settled(1);
  const [dead] = await listMails(stage.truth, { state: "dead", saleId: stage.sale.id }, null, 10);
  expect(dead).toMatchObject({
    kind: "turn",
    attempts: 1,
    lastError: "the mail server answered 550 to RCPT TO",
  });
  expect(catcher.named).toEqual(["ann@example.com"]);
});

test("units that come back are told once to those who asked for it and wait, and not to those who did not", async () => {
  await openLobby(["ann", "bea", "cem"], 1);
  await stage.drawNow();
  await until("one has an offer", async () => (await openOffers()).length === 1);
  const [offer] = await openOffers();
  const buy = async (act: "claim" | "confirm" | "cancel"): Promise<void> => {
    const [done] = await actOnHolds(stage.truth, [
      {
        holdId: offer?.holdId ?? "",
        act,
        actor: act === "claim" ? "shopper" : "merchant",
        entryId: null,
        ...(act === "confirm" && { orderId: `order-${stage.sale.id}` }),
      },
    ]);
    expect(done?.ok).toBe(true);
  };
  await buy("claim");
  await buy("confirm");
  const phaseIs = (phase: string): Promise<void> =>
    until(phase, async () => (await stage.refreshSale()).phase === phase);
  await phaseIs("sold_out");
  // The unit goes to the next in line; who asked for it stands behind.
  const { rows: tickets } = await stage.truth.query<{ entryId: string }>(
    `SELECT entry_id AS "entryId" FROM tickets WHERE sale_id = $1 ORDER BY ticket`,
    [stage.sale.id],
  );
  const inLine = tickets.map(({ entryId }) =>
    ["ann", "bea", "cem"].find((name) => stage.entryOf(name) === entryId),
  );
  const [, silent = "", asked = ""] = inLine;
  await ask(asked, "en", true);
  await ask(silent, "en", false);
  startMails();
  await buy("cancel");
  await settled(2);
  const told = catcher.caught.map(({ to, mail }) => [to[0], mail.subject]);
  expect(told.toSorted()).toEqual(
    [
      [`${silent}@example.com`, "It's your turn: Vessel No. 7"],
      [`${asked}@example.com`, "Units are back: Vessel No. 7"],
    ].toSorted(),
  );
});

test("addresses are deleted when the entry is over, and all of them when the sale is closed", async () => {
  await openLobby(["ann", "bea"], 1);
  await Promise.all([ask("ann"), ask("bea")]);
  const addresses = (): Promise<number> =>
    stage.count("SELECT count(*) AS n FROM notifications WHERE sale_id = $1");
  await until("both are stored", async () => (await stage.count(stored)) === 2);
  await stage.leave("ann");
  await until("the leaver's is gone", async () => {
    await sweepNotifications({ truth: stage.truth, happened: () => {} });
    return (await addresses()) === 1;
  });
  await stage.truth.query(
    "UPDATE sales SET closes_at = clock_timestamp(), opens_at = clock_timestamp() - interval '1 second', draw_at = clock_timestamp() - interval '2 seconds', lobby_at = clock_timestamp() - interval '3 seconds' WHERE id = $1",
    [stage.sale.id],
  );
  // This time by a worker's own look, of which the first is at once.
  await until("it is closed", async () => (await stage.refreshSale()).phase === "closed");
  stage.startWorkers();
  await until("nobody's is left", async () => (await addresses()) === 0);
});
const stored = "SELECT count(*) AS n FROM entries WHERE sale_id = $1";
