// Who may sign in to the console: added, changed and looked at by admins.
import type { Operator } from "@dropgate/contracts/operators";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import { listOperatorActs } from "@dropgate/sql/operators/acts";
import { listOperators, type OperatorRow, readOperator } from "@dropgate/sql/operators/operator-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json } from "../edge/reply.ts";
import { actorOf, changeOnce } from "../inventory/changes.ts";
import { addOperatorIn, patchOperatorIn, resetPasswordIn } from "../operators/changes.ts";
import { initialPassword } from "../operators/passwords.ts";
import { operatorView } from "../operators/views.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type OperatorRoutes = Pick<
  Handlers,
  | "listOperators"
  | "createOperator"
  | "getOperator"
  | "patchOperator"
  | "resetPassword"
  | "listOperatorNames"
  | "listOperatorActs"
>;

export function operatorRoutes({ truth, idempotency, passwords, settings }: Services): OperatorRoutes {
  const view = (row: OperatorRow): Operator => operatorView(row, settings.INITIAL_PASSWORD_SECONDS);
  const withPassword = (status: number, operator: OperatorRow, password: string): Answer =>
    json(status, { operator: view(operator), initialPassword: password });

  async function page(
    { cursor, limit }: { cursor?: string | undefined; limit: number },
    viewOf: (row: OperatorRow) => unknown,
  ): Promise<Answer | Refusal> {
    const after = readCursor(cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
    if (after === "invalid") return badCursor();
    const rows = await listOperators(truth, after, limit + 1);
    return json(
      200,
      pageOf(
        rows,
        limit,
        ({ operator }) => viewOf(operator),
        ({ cursor }) => [cursor.createdMicros, cursor.id],
      ),
    );
  }

  return {
    listOperators: ({ query }) => page(query, view),
    listOperatorNames: ({ query }) => page(query, ({ id, name }) => ({ id, name })),

    async createOperator(call) {
      if (passwords.full) return refuse("BUSY");
      const password = initialPassword();
      const hash = await passwords.hash(password);
      return idempotency.once(call.idempotency, async (tx) => {
        const added = await addOperatorIn(tx, call.body, hash, actorOf(call));
        return added.ok ? withPassword(201, added.value, password) : added;
      });
    },

    async getOperator(call) {
      const row = await readOperator(truth, parameter(call, "operatorId"));
      return row === null ? refuse("OPERATOR_NOT_FOUND") : json(200, view(row));
    },

    patchOperator: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => patchOperatorIn(tx, parameter(call, "operatorId"), call.body, actor),
        view,
      ),

    async resetPassword(call) {
      if (passwords.full) return refuse("BUSY");
      const password = initialPassword();
      const hash = await passwords.hash(password);
      return idempotency.once(call.idempotency, async (tx) => {
        const reset = await resetPasswordIn(tx, parameter(call, "operatorId"), hash, actorOf(call));
        return reset.ok ? withPassword(200, reset.value, password) : reset;
      });
    },

    async listOperatorActs({ query }) {
      const before = readCursor(query.cursor, { id: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const rows = await listOperatorActs(
        truth,
        query.operatorId,
        before && Number(before.id),
        query.limit + 1,
      );
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          (row) => ({ ...row, at: row.at.toISOString() }),
          ({ id }) => [id],
        ),
      );
    },
  };
}
