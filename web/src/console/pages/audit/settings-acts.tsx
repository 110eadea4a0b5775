// Who made, changed or took away keys and webhooks.
import type { SettingsAct } from "@dropgate/contracts/settings-acts";
import { Link } from "wouter";
import { useActors } from "../../actors/actors.ts";
import type { AnswerOf } from "../../api/call.ts";
import { usePages } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";

type Act = AnswerOf<"listSettingsActs">["items"][number];

const NAMES: Readonly<Record<SettingsAct, string>> = {
  "api-key.made": "API key made",
  "api-key.revoked": "API key revoked",
  "shopper-key.made": "Shopper key made",
  "shopper-key.revoked": "Shopper key retired",
  "signing-key.rotated": "Signing key changed",
  "signing-key.retired": "Signing key retired",
  "webhook.made": "Webhook added",
  "webhook.changed": "Webhook changed",
  "webhook.removed": "Webhook removed",
  "webhook.secret-rotated": "Webhook's secret changed",
  "webhook.gave-up": "Webhook given up",
  "delivery.resent": "Delivery sent again",
  "queues.changed": "Queues changed",
  "rehearsal.started": "Rehearsal started",
  "rehearsal.stopped": "Rehearsal stopped",
  "rehearsal.removed": "Rehearsal removed",
};

/** A webhook that is gone has no page any more; what was done to it is told all the same. */
function isWebhook({ act, subject }: Act): boolean {
  return act.startsWith("webhook.") && act !== "webhook.removed" && subject !== "";
}

function columnsOf(actor: (actor: string | null) => string): readonly ShownColumn<Act>[] {
  return [
    {
      id: "at",
      name: "When",
      text: (act) => act.at,
      cell: (act) => (
        <time dateTime={act.at} title={formats.exact(act.at)}>
          {formats.moment(act.at)}, {formats.clock(act.at)}
        </time>
      ),
    },
    { id: "act", name: "What", text: ({ act }) => NAMES[act] },
    {
      id: "subject",
      name: "Which",
      text: ({ subject }) => subject,
      cell: (act) =>
        isWebhook(act) ? (
          <Link href={pathTo("webhook", { webhookId: act.subject })}>{act.subject}</Link>
        ) : (
          <code>{act.subject}</code>
        ),
    },
    { id: "who", name: "By", text: (act) => actor(act.actor) },
    {
      id: "data",
      name: "More",
      text: ({ data }) => (Object.keys(data).length === 0 ? null : JSON.stringify(data)),
      cell: ({ data }) => Object.keys(data).length > 0 && <code>{JSON.stringify(data)}</code>,
    },
  ];
}

export function SettingsActs() {
  const pages = usePages("listSettingsActs", {});
  const actor = useActors();
  return (
    <DataTable
      name="Settings' acts"
      columns={columnsOf(actor)}
      pages={pages}
      keyOf={({ id }) => String(id)}
      file="settings-acts"
      empty={<p>No key and no webhook was made or changed yet.</p>}
    />
  );
}
