// One comparison: how far it is, what does not agree, and repairing that.
import type { Difference } from "@dropgate/contracts/reconciliation";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { useChange, usePages, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, Refusal, type ShownColumn, Skeleton } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge, Stat, Stats } from "../../ui/stat.tsx";
import { figuresInWords, inWords } from "../../ui/words.ts";

const EVERY_MS = 2_000;

const COLUMNS: readonly ShownColumn<Difference>[] = [
  {
    id: "sku",
    name: "SKU",
    text: ({ sku }) => sku,
    cell: ({ sku, locationId }) => <Link href={pathTo("level", {}, { sku, locationId })}>{sku}</Link>,
  },
  { id: "location", name: "Location", text: ({ locationId }) => locationId },
  { id: "kind", name: "What", text: ({ kind }) => inWords(kind) },
  { id: "found", name: "Found", text: ({ found }) => figuresInWords(found), isLong: true },
  { id: "proposed", name: "Should be", text: ({ proposed }) => figuresInWords(proposed), isLong: true },
  {
    id: "state",
    name: "State",
    text: ({ state }) => inWords(state),
    cell: ({ state }) => <Badge tone={state === "proposed" ? "warning" : "plain"}>{inWords(state)}</Badge>,
  },
  { id: "reason", name: "Why", text: ({ reason }) => reason, isLong: true },
];

export default function ReconciliationPage() {
  const { reconciliationId } = useParams<{ reconciliationId: string }>();
  const { operator } = useSession();
  const request = { parameters: { reconciliationId } };
  const { value, problem, again } = useRead("getReconciliation", request, { everyMs: EVERY_MS });
  const pages = usePages("listDifferences", request, { everyMs: EVERY_MS });
  const apply = useChange("applyReconciliation", ["getReconciliation", "listDifferences", "listLevels"]);
  const [asks, setAsks] = useState(false);
  const above = { name: "Reconciliation", href: pathTo("reconciliations") };
  if (value === undefined) {
    return (
      <Page title="Comparison" above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={again} />}
      </Page>
    );
  }
  const { proposed, applied, gone, refused } = value.differences;
  const whyNot = byRole(operator.role, "run") ?? (proposed === 0 ? "There is nothing to repair." : null);
  return (
    <Page
      title={`Comparison of ${value.sku ?? "all stock"}`}
      above={above}
      badge={<Badge tone={value.state === "done" ? "good" : "accent"}>{inWords(value.state)}</Badge>}
      actions={
        <Button tone="primary" whyNot={whyNot} showWhyNot onPress={() => setAsks(true)}>
          Repair what differs
        </Button>
      }
    >
      <Stats>
        <Stat name="Levels looked at" value={formats.number(value.levels)} />
        <Stat name="To repair" value={formats.number(proposed)} tone={proposed > 0 ? "warning" : "plain"} />
        <Stat name="Repaired" value={formats.number(applied)} />
        <Stat name="Gone by itself" value={formats.number(gone)} />
        <Stat name="Not repaired" value={formats.number(refused)} tone={refused > 0 ? "bad" : "plain"} />
      </Stats>
      <DataTable
        name="Differences"
        columns={COLUMNS}
        pages={pages}
        keyOf={({ sku, locationId, kind }) => `${sku}/${locationId}/${kind}`}
        empty={
          <p>{value.state === "done" ? "Everything agrees." : "Nothing differs in what was looked at."}</p>
        }
      />
      <Confirm
        isOpen={asks}
        onClose={() => setAsks(false)}
        onYes={() => apply.run({ ...request, body: {} })}
        question={{
          title: "Repair what differs?",
          text: `${formats.count(proposed, "difference")} become what is proposed, each with a row in the ledger. What has changed since is looked at again first.`,
          yes: "Repair",
          isDanger: true,
        }}
      />
    </Page>
  );
}
