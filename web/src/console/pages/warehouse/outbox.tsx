// What warehouses are asked; what was given up stands here until somebody sends it again.
import type { AskedRequest } from "@dropgate/contracts/wms-requests";
import { useState } from "react";
import { useChange, usePages } from "../../api/use-api.ts";
import { resend } from "../../may/stock.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Facts, Raw } from "../../ui/facts.tsx";
import { Choice } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { sayOutcome } from "../../ui/say-outcome.ts";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { inWords } from "../../ui/words.ts";
import { WarehouseViews } from "./views.tsx";

const EVERY_MS = 5_000;
const NAMES = { waiting: "Waits", sent: "Sent", dead: "Given up" } as const;
const TONES = { waiting: "warning", sent: "good", dead: "bad" } as const;
const STATES = ["dead", "waiting", "sent"] as const;

function columnsOf(
  show: (request: AskedRequest) => void,
  whyNot: (request: AskedRequest) => string | null,
  again: (request: AskedRequest) => void,
): ShownColumn<AskedRequest>[] {
  return [
    {
      id: "request",
      name: "Request",
      text: ({ id }) => id,
      cell: (request) => (
        <Button size="small" tone="quiet" onPress={() => show(request)}>
          {request.id}
        </Button>
      ),
    },
    { id: "type", name: "What", text: ({ requestType }) => inWords(requestType) },
    { id: "location", name: "Location", text: ({ locationId }) => locationId },
    { id: "order", name: "Order", text: ({ orderId }) => orderId },
    {
      id: "state",
      name: "State",
      text: ({ state }) => NAMES[state],
      cell: ({ state }) => <Badge tone={TONES[state]}>{NAMES[state]}</Badge>,
    },
    { id: "error", name: "Last failure", text: ({ lastError }) => lastError, isLong: true },
    { id: "attempts", name: "Tries", text: ({ attempts }) => attempts, isNumber: true },
    {
      id: "asked",
      name: "Asked",
      text: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      id: "again",
      name: "Again",
      text: () => null,
      isAct: true,
      cell: (request) =>
        request.state !== "sent" && (
          <Button size="small" whyNot={whyNot(request)} onPress={() => again(request)}>
            Send again
          </Button>
        ),
    },
    {
      id: "next",
      name: "Tried next",
      text: ({ nextAt }) => nextAt,
      cell: ({ nextAt }) => <When at={nextAt} />,
      isExtra: true,
    },
    {
      id: "sent",
      name: "Sent",
      text: ({ sentAt }) => sentAt,
      cell: ({ sentAt }) => <When at={sentAt} />,
      isExtra: true,
    },
  ];
}

export default function Outbox() {
  const { operator } = useSession();
  const url = useUrlState();
  const state = STATES.find((each) => each === url.read("state"));
  const pages = usePages(
    "listWmsRequests",
    { query: state === undefined ? {} : { state } },
    { everyMs: EVERY_MS },
  );
  const change = useChange("resendWmsRequest", ["listWmsRequests", "listAlerts"]);
  const [shown, setShown] = useState<AskedRequest | null>(null);
  return (
    <Page title="Asked of warehouses">
      <WarehouseViews />
      <DataTable
        name="Requests"
        columns={columnsOf(
          setShown,
          (request) => resend(operator.role, request.state),
          ({ id }) =>
            void sayOutcome(
              change.run({ parameters: { requestId: id }, body: {} }),
              "It is on its way to the warehouse again.",
            ),
        )}
        pages={pages}
        keyOf={({ id }) => id}
        filters={
          <Choice
            label="State"
            value={state ?? ""}
            options={[
              { value: "", name: "All" },
              ...STATES.map((value) => ({ value: value as string, name: NAMES[value] })),
            ]}
            onChange={(value) => url.write("state", value)}
          />
        }
        empty={
          <p>
            {state === "dead" ? "Nothing was given up." : "Nothing was asked of a warehouse in this state."}
          </p>
        }
      />
      {shown !== null && (
        <Dialog title={`${inWords(shown.requestType)}, ${shown.id}`} isOpen onClose={() => setShown(null)}>
          <Facts
            facts={[
              ["Goes to", shown.url ?? "nowhere: neither the location nor WMS_URL has an address"],
              ["Last failure", shown.lastError],
            ]}
          />
          <Raw name="As it is sent" value={shown.body} />
          <Button onPress={() => setShown(null)}>Close</Button>
        </Dialog>
      )}
    </Page>
  );
}
