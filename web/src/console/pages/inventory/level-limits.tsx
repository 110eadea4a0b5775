// From when a level counts as low, what is never sold, and whether it is sold and received at all.
import type { Level } from "@dropgate/contracts/inventory";
import { useState } from "react";
import { useChange } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { useFields } from "../../ui/use-fields.ts";

export function LevelLimits({ level }: { level: Level }) {
  const { operator } = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <Section
      title="Limits"
      actions={
        <Button size="small" whyNot={byRole(operator.role, "run")} onPress={() => setOpen(true)}>
          Change the limits
        </Button>
      }
    >
      <Card>
        <Facts
          facts={[
            ["Reorder at", level.reorderPoint],
            ["Safety stock", level.safetyStock],
            ["At most", level.maxStock],
            ["For sale", level.sellable ? "yes" : "no"],
            ["Receives", level.receivingBlocked ? "no, deliveries wait" : "yes"],
          ]}
        />
      </Card>
      {isOpen && <LimitsForm level={level} onClose={() => setOpen(false)} />}
    </Section>
  );
}

const YES_OR_NO = [
  { value: "yes", name: "Yes" },
  { value: "no", name: "No" },
];

function LimitsForm({ level, onClose }: { level: Level; onClose: () => void }) {
  const { sku, locationId } = level;
  const change = useChange("patchLevel", ["listLevels", "listTransactions"]);
  const fields = useFields(
    {
      reorderPoint: String(level.reorderPoint),
      safetyStock: String(level.safetyStock),
      maxStock: level.maxStock === null ? "" : String(level.maxStock),
      sellable: level.sellable ? "yes" : "no",
      receives: level.receivingBlocked ? "no" : "yes",
    },
    change.problem,
  );
  const { values } = fields;
  async function submit(): Promise<void> {
    const outcome = await change.run({
      body: {
        sku,
        locationId,
        reorderPoint: Number(values.reorderPoint),
        safetyStock: Number(values.safetyStock),
        maxStock: values.maxStock === "" ? null : Number(values.maxStock),
        sellable: values.sellable === "yes",
        receivingBlocked: values.receives === "no",
      },
    });
    if (!outcome.ok) return;
    say("The limits are changed.");
    onClose();
  }
  return (
    <FormDialog
      title={`Limits of ${sku} at ${locationId}`}
      submit="Save"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field
        label="Reorder at"
        type="number"
        required
        min={0}
        {...fields.of("reorderPoint")}
        hint="From here on down it counts as low, and an alert is raised. 0: never."
      />
      <Field
        label="Safety stock"
        type="number"
        required
        min={0}
        {...fields.of("safetyStock")}
        hint="Units that are never promised to anybody."
      />
      <Field label="At most" type="number" min={0} {...fields.of("maxStock")} />
      <Choice label="For sale" options={YES_OR_NO} {...fields.of("sellable")} />
      <Choice label="Receives deliveries" options={YES_OR_NO} {...fields.of("receives")} />
    </FormDialog>
  );
}
