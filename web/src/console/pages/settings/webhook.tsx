// One webhook: whether it hears what it is told, a test of it, and every delivery.
import type { Delivery } from "@dropgate/contracts/webhooks";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { useChange, usePages, useRead } from "../../api/use-api.ts";
import { byRole, type WhyNot } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, Refusal, type ShownColumn, Skeleton } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { formats } from "../../ui/formats.ts";
import { Page, Section } from "../../ui/page.tsx";
import { sayOutcome } from "../../ui/say-outcome.ts";
import { Badge } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { When } from "../../ui/when.tsx";
import { ChangeWebhook } from "./change-webhook.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { type Secret, ShownOnce } from "./shown-once.tsx";
import { stateText } from "./webhooks.tsx";

const EVERY_MS = 3_000;
const NAMES = { waiting: "Waits", sent: "Delivered", dead: "Given up" } as const;
const TONES = { waiting: "warning", sent: "good", dead: "bad" } as const;

function columnsOf(whyNot: WhyNot, again: (delivery: Delivery) => void): ShownColumn<Delivery>[] {
  return [
    {
      id: "at",
      name: "When",
      text: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    { id: "type", name: "Event", text: ({ type }) => type },
    { id: "subject", name: "About", text: ({ subject }) => subject },
    {
      id: "state",
      name: "State",
      text: ({ state }) => NAMES[state],
      cell: ({ state }) => <Badge tone={TONES[state]}>{NAMES[state]}</Badge>,
    },
    { id: "attempts", name: "Tries", text: ({ attempts }) => attempts, isNumber: true },
    { id: "status", name: "Answer", text: ({ lastStatus }) => lastStatus, isNumber: true },
    {
      id: "took",
      name: "Took",
      text: ({ lastMs }) => (lastMs === null ? null : formats.latency(lastMs)),
      order: ({ lastMs }) => lastMs ?? 0,
      isNumber: true,
    },
    { id: "error", name: "Last failure", text: ({ lastError }) => lastError, isLong: true },
    {
      id: "again",
      name: "Again",
      text: () => null,
      isAct: true,
      cell: (delivery) =>
        delivery.state === "dead" && (
          <Button size="small" whyNot={whyNot} onPress={() => again(delivery)}>
            Send again
          </Button>
        ),
    },
  ];
}

export default function WebhookPage() {
  const { webhookId } = useParams<{ webhookId: string }>();
  const [, navigate] = useLocation();
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const request = { parameters: { webhookId } };
  const touched = ["getWebhook", "listWebhooks", "listDeliveries"] as const;
  const { value: webhook, problem, again } = useRead("getWebhook", request, { everyMs: EVERY_MS });
  const pages = usePages("listDeliveries", request, { everyMs: EVERY_MS });
  const test = useChange("testWebhook", touched);
  const patch = useChange("patchWebhook", touched);
  const remove = useChange("removeWebhook", ["listWebhooks"]);
  const resend = useChange("resendDelivery", touched);
  const [rotates, setRotates] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const [isChanging, setChanging] = useState(false);
  const [asks, setAsks] = useState(false);
  const above = { name: "Webhooks", href: pathTo("webhooks") };
  if (webhook === undefined) {
    return (
      <Page title="Webhook" above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={again} />}
      </Page>
    );
  }
  const { enabled } = webhook;
  async function tryIt(): Promise<void> {
    const outcome = await test.run({ ...request, body: {} });
    if (!outcome.ok) return sayOutcome(Promise.resolve(outcome), null);
    const { state, lastError, lastMs } = outcome.value;
    if (state === "sent") say(`It took the test event, in ${formats.latency(lastMs ?? 0)}.`);
    else say(`It did not take the test event: ${lastError ?? "it did not answer"}.`, "bad");
  }
  return (
    <Page
      title={webhook.url}
      above={above}
      badge={<Badge tone={enabled ? "good" : "bad"}>{stateText(webhook)}</Badge>}
      actions={
        <>
          <Button tone="primary" whyNot={whyNot} isBusy={test.isRunning} onPress={() => void tryIt()}>
            Send a test
          </Button>
          <Button
            whyNot={whyNot}
            onPress={() =>
              void sayOutcome(
                patch.run({ ...request, body: { enabled: !enabled } }),
                enabled ? "It is told nothing more." : "It is told again.",
              )
            }
          >
            {enabled ? "Switch off" : "Switch on"}
          </Button>
          <Button whyNot={whyNot} onPress={() => setChanging(true)}>
            Change address or events
          </Button>
          <Button whyNot={whyNot} onPress={() => setRotates(true)}>
            Change the secret
          </Button>
          <Button tone="danger" whyNot={whyNot} onPress={() => setAsks(true)}>
            Remove
          </Button>
        </>
      }
    >
      <Card>
        <Facts
          facts={[
            ["Is told of", webhook.events.join(", ")],
            ["Failing since", webhook.failingSince && formats.exact(webhook.failingSince)],
            ["Last failure", webhook.lastError],
            ["Last delivered", webhook.lastDeliveredAt && formats.exact(webhook.lastDeliveredAt)],
            [
              "Also signed with the earlier secret",
              webhook.previousSecretUntil === null
                ? "no"
                : `until ${formats.exact(webhook.previousSecretUntil)}`,
            ],
          ]}
        />
      </Card>
      <Section title="Deliveries">
        <DataTable
          name="Log of deliveries"
          columns={columnsOf(
            whyNot,
            ({ id }) =>
              void sayOutcome(
                resend.run({ parameters: { webhookId, deliveryId: id }, body: {} }),
                "It is on its way again.",
              ),
          )}
          pages={pages}
          keyOf={({ id }) => id}
          empty={<p>Nothing was sent yet. A test shows whether it would arrive.</p>}
        />
      </Section>
      {isChanging && <ChangeWebhook webhook={webhook} onClose={() => setChanging(false)} />}
      {rotates && <RotateSecret webhook={webhook} onClose={() => setRotates(false)} onRotated={setSecret} />}
      {secret !== null && <ShownOnce {...secret} onClose={() => setSecret(null)} />}
      <Confirm
        isOpen={asks}
        onClose={() => setAsks(false)}
        onYes={async () => {
          const outcome = await remove.run(request);
          if (outcome.ok) navigate(pathTo("webhooks"));
          return outcome;
        }}
        question={{
          title: "Remove the webhook?",
          text: `${webhook.url} is told nothing more, and ${formats.count(webhook.waiting, "waiting delivery", "waiting deliveries")} are dropped with its log.`,
          yes: "Remove the webhook",
          isDanger: true,
        }}
      />
    </Page>
  );
}
