// Comparisons of all stock with its ledger, its orders and the hot store.
import type { Reconciliation } from "@dropgate/contracts/reconciliation";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useActors } from "../../actors/actors.ts";
import { useChange, usePages } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { When } from "../../ui/when.tsx";
import { inWords } from "../../ui/words.ts";

const EVERY_MS = 3_000;

function columnsOf(actor: (actor: string | null) => string): ShownColumn<Reconciliation>[] {
  return [
    {
      id: "id",
      name: "Comparison",
      text: ({ id }) => id,
      cell: ({ id }) => <Link href={pathTo("reconciliation", { reconciliationId: id })}>{id}</Link>,
    },
    { id: "sku", name: "Of", text: ({ sku }) => sku ?? "all stock" },
    {
      id: "state",
      name: "State",
      text: ({ state }) => inWords(state),
      cell: ({ state }) => <Badge tone={state === "done" ? "good" : "accent"}>{inWords(state)}</Badge>,
    },
    { id: "levels", name: "Levels looked at", text: ({ levels }) => levels, isNumber: true },
    {
      id: "proposed",
      name: "To repair",
      text: ({ differences }) => differences.proposed,
      isNumber: true,
    },
    { id: "applied", name: "Repaired", text: ({ differences }) => differences.applied, isNumber: true },
    {
      id: "asked",
      name: "Started",
      text: ({ requestedAt }) => requestedAt,
      cell: ({ requestedAt }) => <When at={requestedAt} />,
    },
    { id: "by", name: "By", text: ({ requestedBy }) => actor(requestedBy) },
  ];
}

export default function Reconciliations() {
  const { operator } = useSession();
  const actor = useActors();
  const pages = usePages("listReconciliations", {}, { everyMs: EVERY_MS });
  const [isOpen, setOpen] = useState(false);
  return (
    <Page
      title="Reconciliation"
      actions={
        <Button tone="primary" whyNot={byRole(operator.role, "run")} onPress={() => setOpen(true)}>
          Compare now
        </Button>
      }
    >
      <DataTable
        name="Comparisons"
        columns={columnsOf(actor)}
        pages={pages}
        keyOf={({ id }) => id}
        empty={<p>Stock was not compared yet. A comparison changes nothing unless you ask it to.</p>}
      />
      {isOpen && <Compare onClose={() => setOpen(false)} />}
    </Page>
  );
}

function Compare({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const change = useChange("createReconciliation", ["listReconciliations"]);
  const fields = useFields({ sku: "", apply: "no" }, change.problem);
  async function submit(): Promise<void> {
    const { sku, apply } = fields.values;
    const outcome = await change.run({ body: { ...(sku !== "" && { sku }), apply: apply === "yes" } });
    if (!outcome.ok) return;
    onClose();
    navigate(pathTo("reconciliation", { reconciliationId: outcome.value.id }));
  }
  return (
    <FormDialog
      title="Compare stock"
      intro="A worker looks at every level: is it the sum of its ledger, are its promises those of the orders, and does Redis say the same?"
      submit="Compare"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="Only this SKU" {...fields.of("sku")} />
      <Choice
        label="What differs"
        options={[
          { value: "no", name: "Is shown, and I decide" },
          { value: "yes", name: "Is repaired at once" },
        ]}
        {...fields.of("apply")}
      />
    </FormDialog>
  );
}
