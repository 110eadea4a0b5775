// Operators as an admin sees them.
import type { Operator } from "@dropgate/contracts/operators";
import type { OperatorRow } from "@dropgate/sql/operators/operator-row";

/** @param initialSeconds how long a password counts that was made by somebody else */
export function operatorView(
  { disabledAt, createdAt, lastSignInAt, passwordSetAt, ...row }: OperatorRow,
  initialSeconds: number,
): Operator {
  const until = new Date(passwordSetAt.getTime() + initialSeconds * 1_000);
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    state: disabledAt === null ? "active" : "disabled",
    mustChangePassword: row.mustChangePassword,
    initialPasswordUntil: row.mustChangePassword ? until.toISOString() : null,
    createdBy: row.createdBy,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}
