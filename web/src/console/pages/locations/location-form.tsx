// A location's rules in a form: for a new one, and for one that is there.
import type { Location } from "@dropgate/contracts/location";
import { useChange } from "../../api/use-api.ts";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { say } from "../../ui/status.tsx";
import { type Fields, useFields } from "../../ui/use-fields.ts";
import { inWords } from "../../ui/words.ts";
import { NEW_RULES, type RuleTexts, rulesOf, TYPES, textsOf } from "./rules.ts";

const POINTERS: Partial<Record<keyof RuleTexts, string>> = {
  line1: "/address/line1",
  city: "/address/city",
  region: "/address/region",
  postalCode: "/address/postalCode",
  country: "/address/country",
  lat: "/coordinates/lat",
  lon: "/coordinates/lon",
  methods: "/shippingMethods",
  regions: "/serviceRegions",
  days: "/operatingDays",
  capacity: "/capacityPerDay",
};

export function NewLocation({ onClose }: { onClose: () => void }) {
  const change = useChange("createLocation", ["listLocations"]);
  const fields = useFields(NEW_RULES, change.problem, POINTERS);
  async function submit(): Promise<void> {
    const { id, wmsUrl } = fields.values;
    const outcome = await change.run({
      body: { id, ...rulesOf(fields.values), ...(wmsUrl !== "" && { wmsUrl }) },
    });
    if (!outcome.ok) return;
    say("The location is added.");
    onClose();
  }
  return (
    <FormDialog
      title="New location"
      submit="Add the location"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="Id" required {...fields.of("id")} hint="Letters, digits, - and _; it stays for good." />
      <RuleFields fields={fields} />
    </FormDialog>
  );
}

export function ChangeLocation({ location, onClose }: { location: Location; onClose: () => void }) {
  const change = useChange("patchLocation", ["listLocations", "getLocation"]);
  const fields = useFields(textsOf(location), change.problem, POINTERS);
  async function submit(): Promise<void> {
    const { wmsUrl } = fields.values;
    const outcome = await change.run({
      parameters: { locationId: location.id },
      body: { ...rulesOf(fields.values), wmsUrl: wmsUrl === "" ? null : wmsUrl },
    });
    if (!outcome.ok) return;
    say("The rules are changed; the next order goes by them.");
    onClose();
  }
  return (
    <FormDialog
      title={`Rules of ${location.name}`}
      submit="Save"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <RuleFields fields={fields} />
    </FormDialog>
  );
}

function RuleFields({ fields }: { fields: Fields<RuleTexts> }) {
  const handles = fields.of("handles");
  return (
    <>
      <Field label="Name" required {...fields.of("name")} />
      <Choice
        label="Kind"
        options={TYPES.map((value) => ({ value: value as string, name: inWords(value) }))}
        {...fields.of("type")}
      />
      <Field label="Street" {...fields.of("line1")} />
      <Field label="City" {...fields.of("city")} />
      <Field label="Region" {...fields.of("region")} />
      <Field label="Postal code" required {...fields.of("postalCode")} />
      <Field label="Country" required {...fields.of("country")} hint="Two letters, as US or DE." />
      <Field label="Latitude" type="number" step="any" min={-90} max={90} required {...fields.of("lat")} />
      <Field label="Longitude" type="number" step="any" min={-180} max={180} required {...fields.of("lon")} />
      <Field label="Time zone" required {...fields.of("timeZone")} hint="As Europe/Berlin." />
      <Field
        label="Ships by"
        required
        {...fields.of("methods")}
        hint="Each with its last hour in local time: standard 17:00, next_day 12:00."
      />
      <Field
        label="Serves"
        required
        {...fields.of("regions")}
        hint="Countries, regions or postal prefixes: US, US-WA, US:98."
      />
      <Field label="Open on" required {...fields.of("days")} hint="Mon, Tue, Wed …" />
      <Field label="Orders a day" type="number" min={0} required {...fields.of("capacity")} />
      <Field
        label="Can handle"
        {...handles}
        fault={handles.fault === null ? null : "Only hazmat, oversized and refrigerated are known."}
        hint="Of hazmat, oversized, refrigerated."
      />
      <Field label="Address of its warehouse system" type="url" {...fields.of("wmsUrl")} />
    </>
  );
}
