// How a change of the inventory by an operator runs: under its Idempotency-Key, with the operator's name in the ledger.
import type { Outcome } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import type { Call } from "../edge/call.ts";
import { json, type Reply } from "../edge/reply.ts";
import type { Idempotency } from "../idempotency/once.ts";

/** The id of the API key that calls, or of the operator who is signed in. */
function keyOf({ who }: Pick<Call, "who">): string {
  if (who.kind === "operator") return who.operator.operatorId;
  if (who.kind !== "key") throw new Error("only a key or an operator may change the inventory");
  return who.key.id;
}

/** What the ledger calls an operator who calls, */
export function actorOf(call: Pick<Call, "who">): string {
  return `operator:${keyOf(call)}`;
}

/** and a merchant's server. */
export function merchantOf(call: Pick<Call, "who">): string {
  return `merchant:${keyOf(call)}`;
}

/**
 * @param write the change, in the transaction in which its answer is kept
 * @param statusOf of what was written
 */
export function changeOnce<Row>(
  idempotency: Idempotency,
  call: Pick<Call, "who" | "idempotency">,
  write: (tx: Statements, actor: string) => Promise<Outcome<Row>>,
  view: (row: Row) => unknown,
  statusOf: (row: Row) => number = () => 200,
): Promise<Reply> {
  const actor = actorOf(call);
  return idempotency.once(call.idempotency, async (tx) => {
    const outcome = await write(tx, actor);
    return outcome.ok ? json(statusOf(outcome.value), view(outcome.value)) : outcome;
  });
}
