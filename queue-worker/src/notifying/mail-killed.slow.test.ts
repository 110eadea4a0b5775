// A worker that dies in the middle of sending: before the server has the mail it is sent once, after it once more under
// the same Message-ID, and never more often.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { askNotification } from "@dropgate/sql/notifications/notification-row";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { SaleStage, until } from "../sale-stage.ts";
import { type MailCatcher, openMailCatcher } from "./mail-catcher.ts";

const WORKER = fileURLToPath(new URL("../main.ts", import.meta.url));

let stage: SaleStage;
let catcher: MailCatcher;
const children: ChildProcess[] = [];
beforeEach(async () => {
  [stage, catcher] = await Promise.all([
    SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") }),
    openMailCatcher(),
  ]);
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => killed(child)));
  await Promise.all([stage.close(), catcher.close()]);
});

function startWorker(): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", WORKER], {
    env: {
      PATH: process.env["PATH"],
      REDIS_URL: inject("redisUrl"),
      DATABASE_URL: stage.database.url,
      DROPGATE_SECRET: "a secret of the tests, of 32 or more characters",
      SMTP_URL: catcher.url,
      MAIL_FROM: "line@shop.example",
      PUBLIC_URL: "https://drop.example",
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.push(child);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}

const states = async (): Promise<[string, number][]> => {
  const { rows } = await stage.truth.query<{ state: string; attempts: number }>(
    "SELECT state, attempts FROM notification_mails WHERE sale_id = $1",
    [stage.sale.id],
  );
  return rows.map(({ state, attempts }) => [state, attempts]);
};

test("killed between the server's yes and its mark, the mail comes again under the same id, and no third time", async () => {
  await stage.createSale({ quantity: 1, claimWindowSeconds: 600 });
  const answer = catcher.hold();
  const first = startWorker();
  await stage.lanesReady();
  await stage.join(["ann"]);
  const entryId = stage.entryOf("ann");
  const email = "ann@example.com";
  await askNotification(stage.truth, { entryId, saleId: stage.sale.id, email, language: "en" }, false, 3);
  await stage.drawNow();
  await until("the server has the mail", async () => catcher.caught.length === 1, 60_000);
  await killed(first);
  expect(await states()).toEqual([["sending", 1]]);
  answer();

  const second = startWorker();
  // As if the time had passed that a worker has for it; before it nobody else touches the mail.
  expect(await states()).toEqual([["sending", 1]]);
  await stage.truth.query("UPDATE notification_mails SET next_at = clock_timestamp() WHERE sale_id = $1", [
    stage.sale.id,
  ]);
  await until("it is sent", async () => (await states())[0]?.[0] === "sent", 60_000);
  const ids = catcher.caught.map(({ mail }) => mail.messageId);
  expect(ids).toEqual([ids[0], ids[0]]);
  expect(ids[0]).toMatch(/^<turn\..+@shop\.example>$/);
  // Each has a link of its own: of the first one only the hash was known.
  expect(catcher.caught[0]?.mail.text).not.toBe(catcher.caught[1]?.mail.text);
  await killed(second);
  const third = startWorker();
  await until("the third is at work", async () => (await beats(third.pid)) > 0, 60_000);
  expect([await states(), catcher.caught.length]).toEqual([[["sent", 2]], 2]);
});

const beats = (pid: number | undefined): Promise<number> =>
  stage.truth
    .query<{ n: number }>("SELECT count(*) AS n FROM process_heartbeats WHERE name = $1", [`worker-${pid}`])
    .then(({ rows }) => rows[0]?.n ?? 0);
