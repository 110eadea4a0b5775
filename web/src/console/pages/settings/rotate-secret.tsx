// A webhook's new secret, with the time in which events are signed with the earlier one too.
import type { Webhook } from "@dropgate/contracts/webhooks";
import { useChange } from "../../api/use-api.ts";
import { Choice } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { OVERLAPS } from "./overlaps.ts";
import type { Secret } from "./shown-once.tsx";

export function RotateSecret({
  webhook,
  onClose,
  onRotated,
}: {
  webhook: Webhook;
  onClose: () => void;
  onRotated: (secret: Secret) => void;
}) {
  const change = useChange("rotateWebhookSecret", ["getWebhook", "listWebhooks", "listSettingsActs"]);
  const fields = useFields({ overlapSeconds: "86400" }, change.problem);
  async function submit(): Promise<void> {
    const overlapSeconds = Number(fields.values.overlapSeconds);
    const outcome = await change.run({ parameters: { webhookId: webhook.id }, body: { overlapSeconds } });
    if (!outcome.ok) return;
    onClose();
    const both =
      overlapSeconds === 0
        ? "The earlier one signs nothing any more."
        : "Until the earlier one has run out each event brings a signature of both.";
    onRotated({
      title: "The new secret, once",
      text: `What is sent to ${webhook.url} is signed with it from now on. ${both}`,
      secret: outcome.value.secret,
    });
  }
  return (
    <FormDialog
      title="Change the secret?"
      intro="A new secret signs from the next event on. A receiver that checks each signature of an event misses nothing while it changes over."
      submit="Make a new secret"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Choice
        label="The earlier secret signs as well for"
        options={OVERLAPS.filter(({ value }) => Number(value) <= 7 * 86_400)}
        {...fields.of("overlapSeconds")}
        hint="After a leak: not at all."
      />
    </FormDialog>
  );
}
