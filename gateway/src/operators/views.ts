// Operators as an admin sees them.
import type { Operator } from "@dropgate/contracts/operators";
import type { OperatorRow } from "@dropgate/sql/operators/operator-row";

export function operatorView({ disabledAt, createdAt, lastSignInAt, ...row }: OperatorRow): Operator {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    state: disabledAt === null ? "active" : "disabled",
    mustChangePassword: row.mustChangePassword,
    createdBy: row.createdBy,
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}
