// The fields of a sale, for making one and for changing one.
import { useRead } from "../../api/use-api.ts";
import type { WhyNot } from "../../may/may.ts";
import { Choice, Field } from "../../ui/field.tsx";
import { zoneName } from "../../ui/formats.ts";
import type { Draft, Faults } from "./draft.ts";
import styles from "./sale-form.module.css";

interface FieldsProps {
  draft: Draft;
  faults: Faults;
  set: <Key extends keyof Draft>(key: Key, value: Draft[Key]) => void;
  /** Why a field stays as it is. */
  whyNot?: (field: keyof Draft) => WhyNot;
}

const nothing = (): WhyNot => null;

export function ProductFields({
  draft,
  faults,
  set,
  isNew,
  whyNot = nothing,
}: FieldsProps & { isNew: boolean }) {
  const locations = useRead(
    "listLocations",
    { query: { limit: 200 } },
    { isWanted: draft.source === "inventory" },
  );
  const names = locations.value?.items ?? [];
  return (
    <fieldset className={styles["group"]}>
      <legend>What is sold</legend>
      <Field
        label="Title"
        required
        value={draft.title}
        onChange={(text) => set("title", text)}
        fault={faults.title ?? null}
        hint="Shoppers read it first."
        whyNot={whyNot("title")}
      />
      <div className={styles["pair"]}>
        <Field
          label="SKU"
          required
          value={draft.sku}
          onChange={(text) => set("sku", text)}
          fault={faults.sku ?? null}
          hint="As your shop and your warehouse call it."
          whyNot={whyNot("sku")}
        />
        <Field
          label="Units"
          type="number"
          required
          min={1}
          value={draft.quantity}
          onChange={(text) => set("quantity", text)}
          fault={faults.quantity ?? null}
          whyNot={whyNot("quantity")}
        />
      </div>
      {isNew && (
        <>
          <div className={styles["pair"]}>
            <Choice label="Way" value={draft.kind} options={KINDS} onChange={(kind) => set("kind", kind)} />
            <Field
              label="Limit for one shopper"
              type="number"
              required
              min={1}
              value={draft.limitPerShopper}
              onChange={(text) => set("limitPerShopper", text)}
              fault={faults.limitPerShopper ?? null}
              hint="With 1, as many shoppers as there are units can have one."
            />
          </div>
          <div className={styles["pair"]}>
            <Choice
              label="Units come from"
              value={draft.source}
              options={SOURCES}
              onChange={(source) => set("source", source)}
            />
            {draft.source === "inventory" && (
              <Choice
                label="Location"
                value={draft.locationId}
                options={[
                  { value: "", name: "Any that has enough" },
                  ...names.map(({ id, name }) => ({ value: id, name })),
                ]}
                onChange={(id) => set("locationId", id)}
              />
            )}
            <Choice
              label="Who may join"
              value={draft.identity}
              options={IDENTITIES}
              onChange={(identity) => set("identity", identity)}
              hint={
                draft.identity === "merchant"
                  ? "Your shop signs them in; the limit counts for a customer."
                  : "The limit counts for a browser: whoever opens another one is another shopper."
              }
            />
          </div>
        </>
      )}
      <div className={styles["pair"]}>
        <Field
          label="Price"
          value={draft.price}
          onChange={(text) => set("price", text)}
          fault={faults.price ?? null}
          whyNot={whyNot("price")}
        />
        <Field
          label="Currency"
          required
          value={draft.currency}
          onChange={(text) => set("currency", text.toUpperCase())}
          fault={faults.currency ?? null}
          whyNot={whyNot("currency")}
        />
      </div>
      <Field
        label="Checkout address"
        type="url"
        value={draft.checkoutUrl}
        onChange={(text) => set("checkoutUrl", text)}
        fault={faults.checkoutUrl ?? null}
        hint="Where a shopper with a unit pays."
        whyNot={whyNot("checkoutUrl")}
      />
      <Field
        label="Picture address"
        type="url"
        value={draft.imageUrl}
        onChange={(text) => set("imageUrl", text)}
        fault={faults.imageUrl ?? null}
        whyNot={whyNot("imageUrl")}
      />
      <Field
        label="Description"
        rows={3}
        value={draft.description}
        onChange={(text) => set("description", text)}
        fault={faults.description ?? null}
        whyNot={whyNot("description")}
      />
      {!isNew && (
        <Field
          label="Message to shoppers"
          rows={2}
          value={draft.message}
          onChange={(text) => set("message", text)}
          fault={faults.message ?? null}
          hint="Stands on every shopper's page until it is taken away here, or the sale is paused or resumed."
          whyNot={whyNot("message")}
        />
      )}
    </fieldset>
  );
}

const KINDS = [
  { value: "lottery", name: "Lottery: a fair order is drawn" },
  { value: "rush", name: "Rush: first come, first served" },
] as const;
const SOURCES = [
  { value: "own", name: "The sale brings its own" },
  { value: "inventory", name: "Taken from the inventory" },
] as const;
const IDENTITIES = [
  { value: "anonymous", name: "Everybody" },
  { value: "merchant", name: "Customers signed in at the shop" },
] as const;

export function ScheduleFields({ draft, faults, set, whyNot = nothing }: FieldsProps) {
  const moment = (field: "lobbyAt" | "drawAt" | "opensAt" | "closesAt", label: string, hint?: string) => (
    <Field
      label={label}
      {...(hint !== undefined && { hint })}
      type="datetime-local"
      step={1}
      required={field !== "lobbyAt"}
      value={draft[field]}
      onChange={(text) => set(field, text)}
      fault={faults[field] ?? null}
      whyNot={whyNot(field)}
    />
  );
  return (
    <fieldset className={styles["group"]}>
      <legend>When ({zoneName()})</legend>
      <div className={styles["moments"]}>
        {moment("lobbyAt", "Lobby opens")}
        {draft.kind === "lottery" &&
          moment(
            "drawAt",
            "Draw",
            "Whoever has joined by then has the same chance; who comes later is behind them.",
          )}
        {moment("opensAt", "Sale opens")}
        {moment("closesAt", "Sale closes")}
      </div>
    </fieldset>
  );
}

export function PaceFields({
  draft,
  faults,
  set,
  isNew,
  whyNot = nothing,
}: FieldsProps & { isNew: boolean }) {
  const window = (
    field: "claimWindowSeconds" | "purchaseWindowSeconds" | "paymentExtensionSeconds",
    label: string,
    hint: string,
  ) => (
    <Field
      label={label}
      type="number"
      unit="s"
      hint={hint}
      required
      min={1}
      value={draft[field]}
      onChange={(text) => set(field, text)}
      fault={faults[field] ?? null}
      whyNot={whyNot(field)}
    />
  );
  return (
    <fieldset className={styles["group"]}>
      <legend>How fast</legend>
      {isNew && (
        <div className={styles["pair"]}>
          <Field
            label="Let in a second"
            type="number"
            required
            min={0}
            step="any"
            value={draft.ratePerSecond}
            onChange={(text) => set("ratePerSecond", text)}
            fault={faults.ratePerSecond ?? null}
            hint="What your checkout takes without slowing down. Can be changed while the sale is live."
          />
          <Field
            label="At once at most"
            type="number"
            required
            min={1}
            value={draft.burst}
            onChange={(text) => set("burst", text)}
            fault={faults.burst ?? null}
            hint="How many may come together after a quiet moment: as many as a second lets in will do."
          />
        </div>
      )}
      <div className={styles["pair"]}>
        {draft.kind === "lottery" &&
          window(
            "claimWindowSeconds",
            "To claim an offer",
            "To come back to the page: 45 to 120 is usual. The longer, the later the next in line has a turn.",
          )}
        {window(
          "purchaseWindowSeconds",
          "To pay",
          "What a shopper who types slowly needs: 300 to 600 is usual.",
        )}
        {window(
          "paymentExtensionSeconds",
          "More once a payment has begun",
          "So that a bank's second question does not cost the unit.",
        )}
      </div>
    </fieldset>
  );
}
