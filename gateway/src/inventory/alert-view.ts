// An alert as operators have it, from HTTP and from the socket.
import type { Alert } from "@dropgate/contracts/alert";
import type { AlertRow } from "@dropgate/sql/alerts/alert-row";

export function alertView({ firstAt, lastAt, decidedAt, ...row }: AlertRow): Alert {
  return {
    ...row,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
