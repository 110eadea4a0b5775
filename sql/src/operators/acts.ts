// What became of operators and who did it: written in the transaction of the act, never changed.
import type { OperatorAct } from "@dropgate/contracts/operators";
import type { Statements } from "../truth.ts";

export interface OperatorActRow {
  id: number;
  at: Date;
  act: OperatorAct;
  operatorId: string;
  actor: string;
  data: Record<string, unknown>;
}

export async function insertOperatorAct(
  tx: Statements,
  {
    act,
    operatorId,
    actor,
    data = {},
  }: Pick<OperatorActRow, "act" | "operatorId" | "actor"> & { data?: object },
): Promise<void> {
  await tx.query("INSERT INTO operator_acts (act, operator_id, actor, data) VALUES ($1, $2, $3, $4)", [
    act,
    operatorId,
    actor,
    JSON.stringify(data),
  ]);
}

/** The newest first. @param operatorId of all, when absent */
export async function listOperatorActs(
  truth: Statements,
  operatorId: string | undefined,
  before: number | null,
  limit: number,
): Promise<OperatorActRow[]> {
  const { rows } = await truth.query<OperatorActRow>(
    `SELECT id, at, act, operator_id AS "operatorId", actor, data FROM operator_acts
     WHERE ($1::text IS NULL OR operator_id = $1) AND ($2::bigint IS NULL OR id < $2)
     ORDER BY id DESC LIMIT $3`,
    [operatorId ?? null, before, limit],
  );
  return rows;
}
