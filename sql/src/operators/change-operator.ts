// What an admin changes of an operator, and operators of their passwords: the caller has locked and decided.
import type { Statements } from "../truth.ts";
import { OPERATOR_COLUMNS, type OperatorRow } from "./operator-row.ts";

export interface LockedOperator extends OperatorRow {
  /** Whether somebody else is an active admin too. */
  otherAdmins: boolean;
}

/**
 * Locks an operator, and who is an admin: until the commit nobody else's change makes or unmakes one, so what is seen
 * here stays true.
 */
export async function lockOperator(tx: Statements, id: string): Promise<LockedOperator | null> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('dropgate admins'))");
  const { rows } = await tx.query<LockedOperator>(
    `SELECT ${OPERATOR_COLUMNS}, EXISTS (
       SELECT 1 FROM operators a WHERE a.role = 'admin' AND a.disabled_at IS NULL AND a.id <> o.id) AS "otherAdmins"
     FROM operators o WHERE id = $1 FOR NO KEY UPDATE OF o`,
    [id],
  );
  return rows[0] ?? null;
}

/** @throws check_violation on operators_last_admin */
export async function writeOperator(
  tx: Statements,
  id: string,
  to: Pick<OperatorRow, "name" | "role"> & { disabled: boolean },
): Promise<OperatorRow> {
  const { rows } = await tx.query<OperatorRow>(
    `UPDATE operators SET name = $2, role = $3,
       disabled_at = CASE WHEN $4 THEN coalesce(disabled_at, clock_timestamp()) END
     WHERE id = $1 RETURNING ${OPERATOR_COLUMNS}`,
    [id, to.name, to.role, to.disabled],
  );
  if (!rows[0]) throw new Error(`operator ${id} was locked but is not there`);
  return rows[0];
}

/**
 * @param was only if this is still its hash and the operator active; null: whatever they are
 * @returns null when they are not, or nobody is
 */
export async function writePassword(
  tx: Statements,
  id: string,
  to: { hash: string; mustChange: boolean },
  was: string | null,
): Promise<OperatorRow | null> {
  const { rows } = await tx.query<OperatorRow>(
    `UPDATE operators SET password_hash = $2, must_change_password = $3, password_set_at = clock_timestamp()
     WHERE id = $1 AND ($4::text IS NULL OR (password_hash = $4 AND disabled_at IS NULL))
     RETURNING ${OPERATOR_COLUMNS}`,
    [id, to.hash, to.mustChange, was],
  );
  return rows[0] ?? null;
}
