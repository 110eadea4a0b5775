// Who is told when something happens, and whether they hear it.
import type { Webhook } from "@dropgate/contracts/webhooks";
import { useState } from "react";
import { Link } from "wouter";
import { useChange, usePages } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { When } from "../../ui/when.tsx";
import { type Secret, ShownOnce } from "./shown-once.tsx";
import { SettingsViews } from "./views.tsx";
import { ALL_EVENTS, eventsOf } from "./webhook-events.ts";
import { WebhookFields } from "./webhook-fields.tsx";

const COLUMNS: readonly ShownColumn<Webhook>[] = [
  {
    id: "url",
    name: "Address",
    text: ({ url }) => url,
    cell: ({ id, url }) => <Link href={pathTo("webhook", { webhookId: id })}>{url}</Link>,
  },
  { id: "events", name: "Is told of", text: ({ events }) => events.join(", "), isLong: true },
  {
    id: "state",
    name: "State",
    text: stateText,
    cell: (webhook) => (
      <Badge tone={webhook.enabled && webhook.failingSince === null ? "good" : "bad"}>
        {stateText(webhook)}
      </Badge>
    ),
  },
  { id: "waiting", name: "Wait", text: ({ waiting }) => waiting, isNumber: true },
  { id: "dead", name: "Given up", text: ({ dead }) => dead, isNumber: true },
  {
    id: "last",
    name: "Last delivered",
    text: ({ lastDeliveredAt }) => lastDeliveredAt,
    cell: ({ lastDeliveredAt }) => <When at={lastDeliveredAt} />,
  },
  { id: "error", name: "Last failure", text: ({ lastError }) => lastError, isExtra: true, isLong: true },
];

export function stateText({ enabled, disabledBy, failingSince }: Webhook): string {
  if (!enabled) return disabledBy === "failing" ? "Given up" : "Off";
  return failingSince === null ? "On" : "Failing";
}

export default function Webhooks() {
  const { operator } = useSession();
  const pages = usePages("listWebhooks", {});
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  return (
    <Page
      title="Webhooks"
      actions={
        <Button tone="primary" whyNot={byRole(operator.role, "administer")} onPress={() => setAdding(true)}>
          New webhook
        </Button>
      }
    >
      <SettingsViews />
      <DataTable
        name="Webhooks"
        columns={COLUMNS}
        pages={pages}
        keyOf={({ id }) => id}
        empty={<p>Nobody is told. A webhook tells a server of yours when something has happened.</p>}
      />
      {isAdding && <AddWebhook onClose={() => setAdding(false)} onAdded={setSecret} />}
      {secret !== null && <ShownOnce {...secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}

function AddWebhook({ onClose, onAdded }: { onClose: () => void; onAdded: (secret: Secret) => void }) {
  const change = useChange("createWebhook", ["listWebhooks"]);
  const fields = useFields({ url: "", events: ALL_EVENTS }, change.problem);
  async function submit(): Promise<void> {
    const { url, events } = fields.values;
    const outcome = await change.run({ body: { url, events: eventsOf(events) } });
    if (!outcome.ok) return;
    onClose();
    onAdded({
      title: "The secret, once",
      text: `What is sent to ${url} is signed with it.`,
      secret: outcome.value.secret,
    });
  }
  return (
    <FormDialog
      title="New webhook"
      submit="Add the webhook"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <WebhookFields fields={fields} />
    </FormDialog>
  );
}
