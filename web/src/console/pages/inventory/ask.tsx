// What can be asked of the stock: a correction, a count, a transfer, a delivery that is announced.
import type { CallName } from "../../api/calls.ts";
import { useChange } from "../../api/use-api.ts";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { say } from "../../ui/status.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { locationOptions, useLocations } from "../locations/use-locations.ts";

export interface AskProps {
  /** Where it is asked from a level's own page. */
  sku?: string;
  locationId?: string;
  onClose: () => void;
}

const TOUCHED: readonly CallName[] = ["listLevels", "listTransactions", "listAdjustments", "listAlerts"];

export function AskCorrection({ sku = "", locationId = "", onClose }: AskProps) {
  const change = useChange("createAdjustment", TOUCHED);
  const places = useLocations();
  const fields = useFields({ sku, locationId, delta: "", reason: "" }, change.problem);
  const { values } = fields;
  async function submit(): Promise<void> {
    const outcome = await change.run({
      body: {
        sku: values.sku,
        locationId: values.locationId || (places[0]?.id ?? ""),
        delta: Number(values.delta),
        reason: values.reason,
      },
    });
    if (!outcome.ok) return;
    say(
      outcome.value.state === "awaiting_approval"
        ? "The correction is large, so it waits for an approver. Stock has not changed yet."
        : "The stock is corrected.",
    );
    onClose();
  }
  return (
    <FormDialog
      title="Correct stock"
      intro="A small correction is done at once. A large one waits until an approver has looked at it."
      submit="Correct"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="SKU" required {...fields.of("sku")} />
      <Choice label="Location" options={locationOptions(places)} {...fields.of("locationId")} />
      <Field
        label="Units found, or with a minus missing"
        type="number"
        required
        step={1}
        {...fields.of("delta")}
      />
      <Field label="Why" required {...fields.of("reason")} hint="It stands in the ledger." />
    </FormDialog>
  );
}

export function AskCount({ sku = "", locationId = "", onClose }: AskProps) {
  const change = useChange("createCycleCount", ["listWmsRequests", "listTransactions"]);
  const places = useLocations();
  const fields = useFields({ sku, locationId, reason: "" }, change.problem);
  const { values } = fields;
  async function submit(): Promise<void> {
    const outcome = await change.run({
      body: {
        sku: values.sku,
        locationId: values.locationId || (places[0]?.id ?? ""),
        ...(values.reason !== "" && { reason: values.reason }),
      },
    });
    if (!outcome.ok) return;
    say("The warehouse is asked to count. What it finds corrects the level, or waits for an approver.");
    onClose();
  }
  return (
    <FormDialog
      title="Have a shelf counted"
      intro="The warehouse is asked to count; nothing changes until it has told what it found."
      submit="Ask for a count"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="SKU" required {...fields.of("sku")} />
      <Choice label="Location" options={locationOptions(places)} {...fields.of("locationId")} />
      <Field label="Why" {...fields.of("reason")} />
    </FormDialog>
  );
}

export function AskTransfer({ sku = "", locationId = "", onClose }: AskProps) {
  const change = useChange("createTransfer", ["listTransfers", "listLevels", "listWmsRequests"]);
  const places = useLocations();
  const fields = useFields({ sku, from: locationId, to: "", quantity: "" }, change.problem, {
    sku: "/items/0/sku",
    quantity: "/items/0/quantity",
    from: "/fromLocationId",
    to: "/toLocationId",
  });
  const { values } = fields;
  const from = values.from || (places[0]?.id ?? "");
  const others = places.filter(({ id }) => id !== from);
  async function submit(): Promise<void> {
    const outcome = await change.run({
      body: {
        fromLocationId: from,
        toLocationId: others.some(({ id }) => id === values.to) ? values.to : (others[0]?.id ?? ""),
        items: [{ sku: values.sku, quantity: Number(values.quantity) }],
      },
    });
    if (!outcome.ok) return;
    say("The warehouse is asked to send it. It is on the way once the warehouse says so.");
    onClose();
  }
  return (
    <FormDialog
      title="Move stock to another location"
      intro="The sending warehouse is asked. Levels change when it ships, and again when the other one receives."
      submit="Ask for the transfer"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
      whyNot={places.length === 1 ? "There is only one location." : null}
    >
      <Field label="SKU" required {...fields.of("sku")} />
      <Choice label="From" options={locationOptions(places)} {...fields.of("from")} />
      <Choice label="To" options={locationOptions(others)} {...fields.of("to")} />
      <Field label="Units" type="number" required min={1} step={1} {...fields.of("quantity")} />
    </FormDialog>
  );
}

export function AnnounceDelivery({ sku = "", locationId = "", onClose }: AskProps) {
  const change = useChange("createPurchaseOrder", ["listLevels", "listTransactions"]);
  const places = useLocations();
  const fields = useFields({ order: "", sku, locationId, quantity: "" }, change.problem, {
    order: "/purchaseOrderId",
    sku: "/items/0/sku",
    quantity: "/items/0/quantity",
  });
  const { values } = fields;
  async function submit(): Promise<void> {
    const outcome = await change.run({
      body: {
        purchaseOrderId: values.order,
        locationId: values.locationId || (places[0]?.id ?? ""),
        items: [{ sku: values.sku, quantity: Number(values.quantity) }],
      },
    });
    if (!outcome.ok) return;
    say("The delivery is announced: its units are shown as on the way here.");
    onClose();
  }
  return (
    <FormDialog
      title="Announce a delivery"
      intro="For a purchase order that you have placed with a supplier. Its units are for sale once the warehouse has received them."
      submit="Announce"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="Number of the purchase order" required {...fields.of("order")} />
      <Field label="SKU" required {...fields.of("sku")} />
      <Choice label="Location" options={locationOptions(places)} {...fields.of("locationId")} />
      <Field label="Units" type="number" required min={1} step={1} {...fields.of("quantity")} />
    </FormDialog>
  );
}
