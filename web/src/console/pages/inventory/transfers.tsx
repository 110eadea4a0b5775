// Stock on its way from one location to another, and what of it did not arrive.
import type { Transfer } from "@dropgate/contracts/wms";
import { useState } from "react";
import { useChange, usePages } from "../../api/use-api.ts";
import { closeTransfer } from "../../may/stock.ts";
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
import { AskButtons } from "./ask-buttons.tsx";
import { StockViews } from "./views.tsx";

const EVERY_MS = 5_000;

function onTheWay({ items }: Transfer): number {
  return items.reduce((sum, { inTransit }) => sum + inTransit, 0);
}

function columnsOf(
  whyNot: (transfer: Transfer) => string | null,
  close: (transfer: Transfer) => void,
): ShownColumn<Transfer>[] {
  return [
    { id: "id", name: "Transfer", text: ({ transferId }) => transferId },
    { id: "from", name: "From", text: ({ fromLocationId }) => fromLocationId },
    { id: "to", name: "To", text: ({ toLocationId }) => toLocationId },
    {
      id: "items",
      isLong: true,
      name: "What",
      text: ({ items }) =>
        items
          .map(
            ({ sku, requested, shipped, received }) =>
              `${sku}: ${requested} asked, ${shipped} shipped, ${received} received`,
          )
          .join("; "),
    },
    { id: "way", name: "On the way", text: onTheWay, isNumber: true },
    {
      id: "state",
      name: "State",
      text: ({ closedAt }) => (closedAt === null ? "Open" : "Closed"),
      cell: ({ closedAt }) => <Badge>{closedAt === null ? "Open" : "Closed"}</Badge>,
    },
    {
      id: "asked",
      name: "Asked",
      text: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: "close",
      name: "Close",
      text: () => null,
      isAct: true,
      cell: (transfer) => (
        <Button size="small" whyNot={whyNot(transfer)} onPress={() => close(transfer)}>
          Close
        </Button>
      ),
    },
  ];
}

const FILTERS = [
  { value: "", name: "All" },
  { value: "open", name: "Open" },
  { value: "closed", name: "Closed" },
];

export default function Transfers() {
  const { operator } = useSession();
  const url = useUrlState();
  const state = url.read("state");
  const pages = usePages("listTransfers", {}, { everyMs: EVERY_MS });
  const change = useChange("closeTransfer", ["listTransfers", "listLevels", "listTransactions"]);
  const [asked, setAsked] = useState<Transfer | null>(null);
  return (
    <Page title="Transfers" actions={<AskButtons asks={["transfer"]} />}>
      <StockViews />
      <DataTable
        name="Transfers"
        columns={columnsOf((each) => closeTransfer(operator.role, each.closedAt), setAsked)}
        pages={pages}
        keyOf={({ transferId }) => transferId}
        where={({ closedAt }) => state === "" || (state === "open") === (closedAt === null)}
        filters={
          <Choice
            label="State"
            value={state}
            options={FILTERS}
            onChange={(value) => url.write("state", value)}
          />
        }
        empty={<p>Nothing is sent from one location to another.</p>}
      />
      {asked !== null && (
        <Confirm
          isOpen
          onClose={() => setAsked(null)}
          onYes={async () => {
            const outcome = await change.run({ parameters: { transferId: asked.transferId }, body: {} });
            if (outcome.ok) say("The transfer is closed; nothing of it is on the way any more.");
            return outcome;
          }}
          question={{
            title: "Close the transfer?",
            text: `${formats.count(onTheWay(asked), "unit")} of it did not arrive and will no longer count as on the way. What arrives later all the same is received as usual.`,
            yes: "Close the transfer",
            isDanger: true,
          }}
        />
      )}
    </Page>
  );
}
