// Who may sign in, and as what. Nobody is deleted, only disabled: ledgers name them.
import type { Operator } from "@dropgate/contracts/operators";
import { ROLES } from "@dropgate/contracts/roles";
import { useState } from "react";
import type { AnswerOf } from "../../api/call.ts";
import { useChange, usePages } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { When } from "../../ui/when.tsx";
import { ShownOnce } from "./shown-once.tsx";
import { SettingsViews } from "./views.tsx";

type Ask = { who: Operator; what: "change" | "state" | "password" };
type Shown = { email: string; password: string; until: string | null };
const TOUCHED = ["listOperators", "listOperatorNames", "listOperatorActs"] as const;
const ROLE_OPTIONS = ROLES.map((value) => ({ value: value as string, name: value }));

function columnsOf(ask: (asked: Ask) => void, whyNot: string | null): ShownColumn<Operator>[] {
  return [
    {
      id: "name",
      name: "Name",
      text: ({ name }) => name,
      cell: (who) => (
        <Button size="small" tone="quiet" whyNot={whyNot} onPress={() => ask({ who, what: "change" })}>
          {who.name}
        </Button>
      ),
    },
    { id: "email", name: "E-mail address", text: ({ email }) => email, isLong: true },
    { id: "role", name: "Role", text: ({ role }) => role },
    {
      id: "state",
      name: "State",
      text: stateText,
      cell: (who) => (
        <Badge tone={who.state === "active" && !isLapsed(who) ? "good" : "plain"}>{stateText(who)}</Badge>
      ),
    },
    {
      id: "last",
      name: "Signed in",
      text: ({ lastSignInAt }) => lastSignInAt,
      cell: ({ lastSignInAt }) => <When at={lastSignInAt} />,
    },
    {
      id: "acts",
      name: "Change",
      text: () => null,
      isAct: true,
      cell: (who) => (
        <span className="row">
          <Button size="small" whyNot={whyNot} onPress={() => ask({ who, what: "password" })}>
            Reset the password
          </Button>
          <Button size="small" whyNot={whyNot} onPress={() => ask({ who, what: "state" })}>
            {who.state === "active" ? "Disable" : "Enable"}
          </Button>
        </span>
      ),
    },
  ];
}

/** Nobody has chosen a password in time. */
function isLapsed({ initialPasswordUntil: until }: Operator): boolean {
  return until !== null && Date.parse(until) <= Date.now();
}
function stateText(who: Operator): string {
  if (who.state === "disabled" || who.initialPasswordUntil === null) return who.state;
  return isLapsed(who) ? "first password lapsed" : "has not come yet";
}
function shownOf({ operator, initialPassword }: AnswerOf<"createOperator">): Shown {
  return { email: operator.email, password: initialPassword, until: operator.initialPasswordUntil };
}

export default function Operators() {
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const pages = usePages("listOperators", {});
  const patch = useChange("patchOperator", TOUCHED);
  const reset = useChange("resetPassword", TOUCHED);
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState<Ask | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const close = (): void => setAsked(null);
  return (
    <Page
      title="Operators"
      actions={
        <Button tone="primary" whyNot={whyNot} showWhyNot onPress={() => setAdding(true)}>
          Add an operator
        </Button>
      }
    >
      <SettingsViews />
      <DataTable
        name="Operators"
        columns={columnsOf(setAsked, whyNot)}
        pages={pages}
        keyOf={({ id }) => id}
        empty={<p>There is no operator.</p>}
      />
      {isAdding && <AddOperator onClose={() => setAdding(false)} onAdded={setShown} />}
      {asked?.what === "change" && <ChangeOperator who={asked.who} onClose={close} />}
      {asked?.what === "state" && (
        <Confirm
          isOpen
          onClose={close}
          onYes={() =>
            patch.run({
              parameters: { operatorId: asked.who.id },
              body: { state: asked.who.state === "active" ? "disabled" : "active" },
            })
          }
          question={
            asked.who.state === "active"
              ? {
                  title: `Disable ${asked.who.name}?`,
                  text: "All their sessions end at once, on every device. What they did stays in the ledgers.",
                  yes: "Disable",
                  isDanger: true,
                }
              : {
                  title: `Enable ${asked.who.name}?`,
                  text: `They may sign in again, as ${asked.who.role}.`,
                  yes: "Enable",
                }
          }
        />
      )}
      {asked?.what === "password" && (
        <Confirm
          isOpen
          onClose={close}
          onYes={async () => {
            const outcome = await reset.run({ parameters: { operatorId: asked.who.id }, body: {} });
            if (outcome.ok) setShown(shownOf(outcome.value));
            return outcome;
          }}
          question={{
            title: `Reset the password of ${asked.who.name}?`,
            text: "All their sessions end. You are shown a new password once, and they choose their own when they sign in.",
            yes: "Reset the password",
            isDanger: true,
          }}
        />
      )}
      {shown !== null && (
        <ShownOnce
          title="The password, once"
          text={`For ${shown.email}. They choose their own at the first sign-in${
            shown.until === null ? "" : `, until ${formats.exact(shown.until)}`
          }; after that it opens nothing, and you can reset it.`}
          secret={shown.password}
          kept="I have passed it on"
          onClose={() => setShown(null)}
        />
      )}
    </Page>
  );
}

function AddOperator({ onClose, onAdded }: { onClose: () => void; onAdded: (shown: Shown) => void }) {
  const change = useChange("createOperator", TOUCHED);
  const fields = useFields<Record<"email" | "name" | "role", string>>(
    { email: "", name: "", role: "viewer" },
    change.problem,
  );
  async function submit(): Promise<void> {
    const { email, name, role } = fields.values;
    const outcome = await change.run({
      body: { email, role: ROLES.find((each) => each === role) ?? "viewer", ...(name !== "" && { name }) },
    });
    if (!outcome.ok) return;
    onClose();
    onAdded(shownOf(outcome.value));
  }
  return (
    <FormDialog
      title="Add an operator"
      submit="Add"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="E-mail address" type="email" required {...fields.of("email")} />
      <Field label="Name" {...fields.of("name")} />
      <Choice
        label="Role"
        options={ROLE_OPTIONS}
        {...fields.of("role")}
        hint="A viewer looks, an operator runs sales and stock, an approver decides on corrections, an admin gives rights."
      />
    </FormDialog>
  );
}

function ChangeOperator({ who, onClose }: { who: Operator; onClose: () => void }) {
  const change = useChange("patchOperator", TOUCHED);
  const fields = useFields<Record<"name" | "role", string>>(
    { name: who.name, role: who.role },
    change.problem,
  );
  async function submit(): Promise<void> {
    const { name, role } = fields.values;
    const outcome = await change.run({
      parameters: { operatorId: who.id },
      body: { name, role: ROLES.find((each) => each === role) ?? who.role },
    });
    if (!outcome.ok) return;
    say("It is changed, and holds from their next call on.");
    onClose();
  }
  return (
    <FormDialog
      title={`Change ${who.name}`}
      submit="Save"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="Name" required {...fields.of("name")} />
      <Choice label="Role" options={ROLE_OPTIONS} {...fields.of("role")} />
    </FormDialog>
  );
}
