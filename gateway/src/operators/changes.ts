// Adding operators and changing them: decided by what they are and who else is an admin, written with who did it.
import { randomBytes } from "node:crypto";
import type { OperatorCreate, OperatorPatch } from "@dropgate/contracts/operators";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { insertOperatorAct } from "@dropgate/sql/operators/acts";
import {
  type LockedOperator,
  lockOperator,
  writeOperator,
  writePassword,
} from "@dropgate/sql/operators/change-operator";
import { insertOperator, type OperatorRow } from "@dropgate/sql/operators/operator-row";
import { endSessionsOf } from "@dropgate/sql/operators/sessions";

const ID_BYTES = 9;

/** Within the caller's transaction. @param passwordHash of the initial password */
export async function addOperatorIn(
  tx: Statements,
  { email, name, role }: OperatorCreate,
  passwordHash: string,
  actor: string,
): Promise<Outcome<OperatorRow>> {
  const id = `op_${randomBytes(ID_BYTES).toString("base64url")}`;
  const added = await insertOperator(tx, {
    id,
    email,
    name: name ?? email,
    role,
    passwordHash,
    createdBy: actor,
  });
  if (added === null) return refuse("OPERATOR_EXISTS");
  await insertOperatorAct(tx, { act: "operator.added", operatorId: id, actor, data: { email, role } });
  return { ok: true, value: added };
}

/** What an operator is to be. */
export interface OperatorChange {
  to: Pick<OperatorRow, "name" | "role"> & { disabled: boolean };
  /** What of it differs, for those who look later; empty: nothing does. */
  changed: Record<string, unknown>;
  act: "operator.changed" | "operator.disabled" | "operator.enabled";
}

/** Pure. */
export function decideOperatorChange(
  operator: Pick<LockedOperator, "name" | "role" | "disabledAt" | "otherAdmins">,
  { name, role, state }: OperatorPatch,
): Outcome<OperatorChange> {
  const was = operator.disabledAt !== null;
  const to = {
    name: name ?? operator.name,
    role: role ?? operator.role,
    disabled: state === undefined ? was : state === "disabled",
  };
  const isAdmin = operator.role === "admin" && !was;
  const staysAdmin = to.role === "admin" && !to.disabled;
  if (isAdmin && !staysAdmin && !operator.otherAdmins) return refuse("LAST_ADMIN");
  const changed = {
    ...(to.name !== operator.name && { name: to.name }),
    ...(to.role !== operator.role && { role: to.role, was: operator.role }),
    ...(to.disabled !== was && { state: to.disabled ? "disabled" : "active" }),
  };
  const act =
    to.disabled === was ? "operator.changed" : to.disabled ? "operator.disabled" : "operator.enabled";
  return { ok: true, value: { to, changed, act } };
}

/** Within the caller's transaction. Who is disabled is signed out; another role counts from the next call on. */
export async function patchOperatorIn(
  tx: Statements,
  id: string,
  patch: OperatorPatch,
  actor: string,
): Promise<Outcome<OperatorRow>> {
  const operator = await lockOperator(tx, id);
  if (operator === null) return refuse("OPERATOR_NOT_FOUND");
  const decided = decideOperatorChange(operator, patch);
  if (!decided.ok) return decided;
  const { to, changed, act } = decided.value;
  if (Object.keys(changed).length === 0) return { ok: true, value: operator };
  const written = await writeOperator(tx, id, to);
  if (to.disabled) await endSessionsOf(tx, id);
  await insertOperatorAct(tx, { act, operatorId: id, actor, data: changed });
  return { ok: true, value: written };
}

/** Within the caller's transaction. Whoever had the old password, or a session by it, has nothing any more. */
export async function resetPasswordIn(
  tx: Statements,
  id: string,
  passwordHash: string,
  actor: string,
): Promise<Outcome<OperatorRow>> {
  const written = await writePassword(tx, id, { hash: passwordHash, mustChange: true }, null);
  if (written === null) return refuse("OPERATOR_NOT_FOUND");
  const sessionsEnded = await endSessionsOf(tx, id);
  await insertOperatorAct(tx, { act: "password.reset", operatorId: id, actor, data: { sessionsEnded } });
  return { ok: true, value: written };
}
