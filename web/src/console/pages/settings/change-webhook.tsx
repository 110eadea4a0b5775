// Where a webhook is told and of what, changed: a shop that moves keeps its secret and the log of its deliveries.
import type { Webhook } from "@dropgate/contracts/webhooks";
import { useChange } from "../../api/use-api.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { say } from "../../ui/status.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { eventsOf } from "./webhook-events.ts";
import { WebhookFields } from "./webhook-fields.tsx";

export function ChangeWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const change = useChange("patchWebhook", ["getWebhook", "listWebhooks", "listDeliveries"]);
  const first = { url: webhook.url, events: webhook.events.join(", ") };
  const fields = useFields(first, change.problem);
  const { url, events } = fields.values;
  const isSame = url === first.url && events === first.events;
  async function submit(): Promise<void> {
    if (isSame) return;
    const body = {
      ...(url !== first.url && { url }),
      ...(events !== first.events && { events: eventsOf(events) }),
    };
    const outcome = await change.run({ parameters: { webhookId: webhook.id }, body });
    if (!outcome.ok) return;
    onClose();
    say("The webhook is changed.");
  }
  return (
    <FormDialog
      title="Change the webhook"
      intro="The secret stays the same. What still waits goes to the new address."
      submit="Save the changes"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
      whyNot={isSame ? "Nothing is changed yet." : null}
    >
      <WebhookFields fields={fields} />
    </FormDialog>
  );
}
