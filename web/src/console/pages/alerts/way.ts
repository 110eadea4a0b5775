// Where what an alert tells of can be mended. Pure.
import type { Alert } from "@dropgate/contracts/alert";
import { pathTo } from "../../routes/routes.ts";

export function wayFrom({
  kind,
  sku,
  locationId,
}: Pick<Alert, "kind" | "sku" | "locationId">): string | null {
  switch (kind) {
    case "variance":
      return pathTo("adjustments", {}, { state: "awaiting_approval" });
    case "dead_letter":
      return pathTo("outbox", {}, { state: "dead" });
    case "event_waiting":
    case "event_conflict":
    case "missing_sequence":
      return pathTo("inbox", {}, { state: "waiting" });
    case "stuck_transfer":
      return pathTo("transfers", {}, { state: "open" });
    case "reconcile_difference":
      return pathTo("reconciliations");
    default:
      return sku === null || locationId === null ? null : pathTo("level", {}, { sku, locationId });
  }
}
