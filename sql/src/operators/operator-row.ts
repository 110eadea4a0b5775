// Operators of the console as PostgreSQL has them.
import { ROLES, type Role, roleMay } from "@dropgate/contracts/roles";
import type { Statements } from "../truth.ts";

export interface OperatorRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  mustChangePassword: boolean;
  /** When the present password was set. */
  passwordSetAt: Date;
  createdBy: string;
  createdAt: Date;
  lastSignInAt: Date | null;
  disabledAt: Date | null;
}

export const OPERATOR_COLUMNS = `id, email, name, role, must_change_password AS "mustChangePassword",
  password_set_at AS "passwordSetAt",
  created_by AS "createdBy", created_at AS "createdAt", last_sign_in_at AS "lastSignInAt",
  disabled_at AS "disabledAt"`;

export async function readOperator(truth: Statements, id: string): Promise<OperatorRow | null> {
  const { rows } = await truth.query<OperatorRow>(`SELECT ${OPERATOR_COLUMNS} FROM operators WHERE id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** With what a password is held against. */
export interface OperatorCredentials extends OperatorRow {
  passwordHash: string;
  /** Whether it is an initial password that nobody replaced in time. */
  isLapsed: boolean;
}

/**
 * @param by in lower case, where it is the address
 * @param initialSeconds how long an initial password counts
 */
export async function readCredentials(
  truth: Statements,
  by: { email: string } | { id: string },
  initialSeconds: number,
): Promise<OperatorCredentials | null> {
  const [column, value] = "email" in by ? ["email", by.email] : ["id", by.id];
  const { rows } = await truth.query<OperatorCredentials>(
    `SELECT ${OPERATOR_COLUMNS}, password_hash AS "passwordHash",
       must_change_password AND password_set_at <= clock_timestamp() - $2 * interval '1 second' AS "isLapsed"
     FROM operators WHERE ${column} = $1`,
    [value, initialSeconds],
  );
  return rows[0] ?? null;
}

/**
 * Whether this actor is an operator, and another one who has come in, and is not disabled, may approve.
 * @param actor as the ledger names it; an API key is no person, and has no colleagues
 */
export async function hasApprovingColleague(tx: Statements, actor: string): Promise<boolean> {
  const { rows } = await tx.query<{ has: boolean }>(
    `SELECT EXISTS (SELECT FROM operators WHERE 'operator:' || id = $1)
       AND EXISTS (SELECT FROM operators WHERE 'operator:' || id <> $1 
           AND disabled_at IS NULL AND NOT must_change_password AND role = ANY ($2)) AS has`,
    [actor, ROLES.filter((role) => roleMay(role, "approve"))],
  );
  return rows[0]?.has === true;
}

export interface NewOperator {
  id: string;
  email: string;
  name: string;
  role: Role;
  passwordHash: string;
  createdBy: string;
}

/** @returns null when the address is taken */
export async function insertOperator(tx: Statements, operator: NewOperator): Promise<OperatorRow | null> {
  const { id, email, name, role, passwordHash, createdBy } = operator;
  const { rows } = await tx.query<OperatorRow>(
    `INSERT INTO operators (id, email, name, role, password_hash, must_change_password, created_by)
     VALUES ($1, $2, $3, $4, $5, true, $6) ON CONFLICT (email) DO NOTHING RETURNING ${OPERATOR_COLUMNS}`,
    [id, email, name, role, passwordHash, createdBy],
  );
  return rows[0] ?? null;
}

/** Where a list goes on: the newest come first. */
export interface OperatorCursor {
  /** Since 1970, digits: PostgreSQL is exact to them, a Date is not. */
  createdMicros: string;
  id: string;
}

/** @returns with each operator the cursor that begins behind it */
export async function listOperators(
  truth: Statements,
  after: OperatorCursor | null,
  limit: number,
): Promise<{ operator: OperatorRow; cursor: OperatorCursor }[]> {
  const { rows } = await truth.query<OperatorRow & { createdMicros: number }>(
    `SELECT ${OPERATOR_COLUMNS}, (extract(epoch FROM created_at) * 1000000)::bigint AS "createdMicros"
     FROM operators WHERE $1::bigint IS NULL OR
       (created_at, id) < ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ createdMicros, ...operator }) => ({
    operator,
    cursor: { createdMicros: String(createdMicros), id: operator.id },
  }));
}
