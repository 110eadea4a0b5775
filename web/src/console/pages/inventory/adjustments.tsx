// Corrections by hand and by count; the large ones wait for somebody with the right to decide.

import type { Adjustment } from "@dropgate/contracts/inventory";
import { useState } from "react";
import { Link } from "wouter";
import { useActors } from "../../actors/actors.ts";
import { useChange, usePages } from "../../api/use-api.ts";
import { decideOn } from "../../may/stock.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Choice } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { signed } from "../../ui/words.ts";
import { ADJUSTMENT_STATE_NAMES, ADJUSTMENT_TONES } from "./adjustment-states.ts";
import { AskButtons } from "./ask-buttons.tsx";
import { StockViews } from "./views.tsx";

const EVERY_MS = 5_000;
type Decision = { adjustment: Adjustment; isYes: boolean };

function columnsOf(
  actor: (actor: string | null) => string,
  whyNot: (adjustment: Adjustment, decision: "approve" | "reject") => string | null,
  ask: (decision: Decision) => void,
): ShownColumn<Adjustment>[] {
  return [
    {
      id: "sku",
      name: "SKU",
      text: ({ sku }) => sku,
      cell: ({ sku, locationId }) => <Link href={pathTo("level", {}, { sku, locationId })}>{sku}</Link>,
    },
    { id: "location", name: "Location", text: ({ locationId }) => locationId },
    {
      id: "delta",
      name: "Units",
      text: ({ delta }) => signed(delta),
      order: ({ delta }) => delta,
      isNumber: true,
    },
    { id: "reason", name: "Why", text: ({ reason }) => reason, isLong: true },
    {
      id: "state",
      name: "State",
      text: ({ state }) => ADJUSTMENT_STATE_NAMES[state],
      cell: ({ state }) => <Badge tone={ADJUSTMENT_TONES[state]}>{ADJUSTMENT_STATE_NAMES[state]}</Badge>,
    },
    {
      id: "asked",
      name: "Asked",
      text: ({ requestedAt }) => requestedAt,
      cell: ({ requestedAt }) => <When at={requestedAt} />,
    },
    { id: "by", name: "By", text: ({ requestedBy }) => actor(requestedBy) },
    { id: "decided", name: "Decided by", text: ({ decidedBy }) => decidedBy && actor(decidedBy) },
    {
      id: "count",
      name: "Counted",
      text: ({ count }) => (count === undefined ? null : count.actual),
      isNumber: true,
      isExtra: true,
    },
    {
      id: "decide",
      name: "Decide",
      text: () => null,
      isAct: true,
      cell: (adjustment) =>
        adjustment.state === "awaiting_approval" && (
          <span className="row">
            <Button
              size="small"
              tone="primary"
              whyNot={whyNot(adjustment, "approve")}
              onPress={() => ask({ adjustment, isYes: true })}
            >
              Approve
            </Button>
            <Button
              size="small"
              whyNot={whyNot(adjustment, "reject")}
              onPress={() => ask({ adjustment, isYes: false })}
            >
              Reject
            </Button>
          </span>
        ),
    },
  ];
}

const FILTERS = [
  { value: "", name: "All" },
  ...(["awaiting_approval", "applied", "approved", "rejected"] as const).map((value) => ({
    value,
    name: ADJUSTMENT_STATE_NAMES[value],
  })),
];

export default function Adjustments() {
  const { operator } = useSession();
  const url = useUrlState();
  const actor = useActors();
  const state = FILTERS.find(({ value }) => value === url.read("state"))?.value ?? "";
  const query = state === "" ? {} : { state: state as Adjustment["state"] };
  const pages = usePages("listAdjustments", { query }, { everyMs: EVERY_MS });
  const [asked, setAsked] = useState<Decision | null>(null);
  return (
    <Page title="Corrections" actions={<AskButtons asks={["correction", "count"]} />}>
      <StockViews />
      <DataTable
        name="Corrections"
        columns={columnsOf(actor, (each) => decideOn(operator.role, each.state), setAsked)}
        pages={pages}
        keyOf={({ id }) => id}
        filters={
          <Choice
            label="State"
            value={state}
            options={FILTERS}
            onChange={(value) => url.write("state", value)}
          />
        }
        empty={<p>{state === "" ? "Nothing was corrected yet." : "No correction is in this state."}</p>}
      />
      {asked !== null && <Decide {...asked} onClose={() => setAsked(null)} />}
    </Page>
  );
}

function Decide({ adjustment, isYes, onClose }: Decision & { onClose: () => void }) {
  const touches = ["listAdjustments", "listLevels", "listTransactions", "listAlerts"] as const;
  const approve = useChange("approveAdjustment", touches);
  const reject = useChange("rejectAdjustment", touches);
  const { id, sku, locationId, delta, reason, count } = adjustment;
  const units = formats.count(Math.abs(delta), "unit");
  const request = { parameters: { adjustmentId: id }, body: {} };
  return (
    <Confirm
      isOpen
      onClose={onClose}
      onYes={async () => {
        const outcome = await (isYes ? approve : reject).run(request);
        if (outcome.ok) say(isYes ? "The correction is in the ledger." : "The correction is rejected.");
        return outcome;
      }}
      question={{
        title: isYes ? "Approve the correction?" : "Reject the correction?",
        yes: isYes ? "Approve" : "Reject",
        isDanger: !isYes,
        text: (
          <>
            <p>
              {isYes
                ? `${sku} at ${locationId} gets ${units} ${delta > 0 ? "more" : "fewer"}. The ledger says that you approved it.`
                : `${sku} at ${locationId} stays as it is; ${units} ${delta > 0 ? "more" : "fewer"} were asked for.`}
            </p>
            <p className="soft">
              Why: {reason}
              {count !== undefined &&
                ` A count on ${formats.moment(count.countedAt)} found ${formats.number(count.actual)}; what it means for now is reckoned when you approve.`}
            </p>
          </>
        ),
      }}
    />
  );
}
