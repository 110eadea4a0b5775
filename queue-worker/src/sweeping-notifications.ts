// Deletes what was kept for telling shoppers once it is needed no more: addresses of sales and entries that are over, and
// links long past their end. Dying here, twice, late: what is left is deleted by the next look.
import { LINK_KNOWN_MS } from "@dropgate/contracts/room-limits";
import { deleteOldLinks } from "@dropgate/sql/links/entry-links";
import { deleteOldNotifications } from "@dropgate/sql/notifications/notification-row";
import type { WorkerContext } from "./running/context.ts";

export async function sweepNotifications({
  truth,
  happened,
}: Pick<WorkerContext, "truth" | "happened">): Promise<boolean> {
  happened("address.deleted", await deleteOldNotifications(truth));
  await deleteOldLinks(truth, LINK_KNOWN_MS);
  return false;
}
