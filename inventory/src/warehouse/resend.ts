// Sends a request again that was given up. Not once a later one of its line went out: a warehouse that hears of a
// cancellation first, and then that it should pick, would pick.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { insertNote } from "@dropgate/sql/levels/transactions";
import { lockLine, type RequestRow, readRequest, reviveRequest } from "@dropgate/sql/warehouse/request-row";

/** Within the caller's transaction. Of one that waits (again) it is the same answer. */
export async function resendRequestIn(
  tx: Statements,
  id: string,
  actor: string,
): Promise<Outcome<RequestRow>> {
  const line = await lockLine(tx, id);
  if (line === null) return refuse("WMS_REQUEST_NOT_FOUND");
  const { request, later } = line;
  if (request.state === "waiting") return { ok: true, value: request };
  if (request.state === "sent") return refuse("WRONG_STATE", { detail: "The warehouse has it." });
  const overtaken = later.find(({ state, attempts }) => state !== "waiting" || attempts > 0);
  if (overtaken !== undefined) {
    return refuse("WRONG_STATE", {
      detail: `${overtaken.id}, which was asked after it, has been sent or tried; this one would come too late.`,
    });
  }
  await reviveRequest(tx, request);
  const { requestType } = request.body;
  await insertNote(tx, {
    type: "warehouse.resent",
    sku: null,
    locationId: request.locationId,
    reference: { type: "wms-request", id },
    actor,
    data: { requestId: id, requestType, error: request.lastError },
  });
  const revived = await readRequest(tx, id);
  if (revived === null) throw new Error(`request ${id} was locked but is not there`);
  return { ok: true, value: revived };
}
