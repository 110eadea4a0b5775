// Who wants to be told by mail when their turn comes, and what operators see of the mails. The worker sends them.

import type { Notification } from "@dropgate/contracts/notification";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import { NOTIFICATIONS_PER_EMAIL_MAX } from "@dropgate/contracts/room-limits";
import type { EntryState } from "@dropgate/contracts/states/entry";
import { listMails } from "@dropgate/sql/notifications/list-mails";
import {
  askNotification,
  type NotificationRow,
  readNotification,
  withdrawNotification,
} from "@dropgate/sql/notifications/notification-row";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { json, type Reply } from "../edge/reply.ts";
import { countAsk } from "../joining/count-ask.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type NotificationRoutes = Pick<
  Handlers,
  "getNotification" | "askNotification" | "withdrawNotification" | "listMails"
>;

/** In which something may still come that is worth a mail. */
const MAY_BE_TOLD: ReadonlySet<EntryState> = new Set(["waiting", "offered", "missed"]);

export function notificationRoutes(services: Services): NotificationRoutes {
  const { entries, truth } = services;
  const own = (call: Pick<Call, "parameters" | "who">): Promise<Outcome<OwnEntry>> =>
    entries.own(parameter(call, "entryId"), call.who);

  return {
    async getNotification(call) {
      const proven = await shown(services, await own(call));
      if (!proven.ok) return proven;
      return json(200, notificationView(await readNotification(truth, proven.value.entryId)));
    },

    async askNotification(call) {
      const proven = await own(call);
      return proven.ok ? ask(services, call, proven.value) : proven;
    },

    async withdrawNotification(call) {
      const proven = await shown(services, await own(call));
      if (!proven.ok) return proven;
      await withdrawNotification(truth, proven.value.entryId);
      return json(200, notificationView(null));
    },

    async listMails({ query }) {
      const before = readCursor(query.cursor, { nth: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const rows = await listMails(truth, query, before && Number(before.nth), query.limit + 1);
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          ({ nth: _nth, createdAt, settledAt, ...mail }) => ({
            ...mail,
            createdAt: createdAt.toISOString(),
            settledAt: settledAt?.toISOString() ?? null,
          }),
          ({ nth }) => [nth],
        ),
      );
    },
  };
}

/** A cookie proves the shopper; that the entry is theirs shows when it is looked at. */
async function shown({ entries }: Services, own: Outcome<OwnEntry>): Promise<Outcome<OwnEntry>> {
  if (!own.ok || own.value.attempt !== null) return own;
  const entry = await entries.show(own.value);
  return entry.ok ? own : entry;
}

async function ask(services: Services, call: Call<"askNotification">, own: OwnEntry): Promise<Reply> {
  const { sale, entryId, shopper } = own;
  if (!sale.tellsByMail) return refuse("NOTIFICATIONS_OFF");
  const limited = countAsk(services, shopper);
  if (limited !== null) return limited;
  const entry = await services.entries.show(own);
  if (!entry.ok) return entry;
  if (sale.phase === "closed") return refuse("SALE_CLOSED");
  if (!MAY_BE_TOLD.has(entry.value.state)) return refuse("WRONG_STATE");
  const wanted: NotificationRow = { entryId, saleId: sale.id, ...call.body };
  const isSoldOut = sale.phase === "sold_out";
  const written = await askNotification(services.truth, wanted, isSoldOut, NOTIFICATIONS_PER_EMAIL_MAX);
  return written ? json(200, notificationView(wanted)) : refuse("TOO_MANY_NOTIFICATIONS");
}

function notificationView(row: NotificationRow | null): Notification {
  return row === null ? { state: "off" } : { state: "on", email: partOf(row.email), language: row.language };
}

/** Enough for its owner to know it by: `m…@example.com`. */
function partOf(email: string): string {
  const at = email.lastIndexOf("@");
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}
