// Where a webhook is told and of what, typed: of a new one and of one that is changed.
import { Field } from "../../ui/field.tsx";
import type { Fields } from "../../ui/use-fields.ts";

export function WebhookFields({ fields }: { fields: Fields<{ url: string; events: string }> }) {
  return (
    <>
      <Field label="Address" type="url" required {...fields.of("url")} />
      <Field
        label="Is told of"
        required
        rows={3}
        {...fields.of("events")}
        hint="Leave out what it need not hear."
      />
    </>
  );
}
