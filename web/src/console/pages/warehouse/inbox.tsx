// What warehouses told; what waits says for what, and can be tried again or given up.
import type { InboxEvent } from "@dropgate/contracts/wms";
import { useState } from "react";
import { useChange, usePages } from "../../api/use-api.ts";
import { decideOnEvent } from "../../may/stock.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm, Dialog } from "../../ui/dialog.tsx";
import { Raw } from "../../ui/facts.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { sayOutcome } from "../../ui/say-outcome.ts";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { inWords } from "../../ui/words.ts";
import { WarehouseViews } from "./views.tsx";

const EVERY_MS = 5_000;
const STATES = ["waiting", "applied", "discarded"] as const;
const TONES = { waiting: "warning", applied: "good", discarded: "plain" } as const;
const TOUCHED = ["listWmsInbox", "listAlerts", "listLevels", "listTransactions"] as const;

type Asked = { event: InboxEvent; what: "discard" | "show" };

function columnsOf(acts: {
  whyNot: (event: InboxEvent) => string | null;
  ask: (asked: Asked) => void;
  retry: (event: InboxEvent) => void;
}): ShownColumn<InboxEvent>[] {
  return [
    {
      id: "event",
      name: "Event",
      text: ({ eventId }) => eventId,
      cell: (event) => (
        <Button size="small" tone="quiet" onPress={() => acts.ask({ event, what: "show" })}>
          {event.eventId}
        </Button>
      ),
    },
    { id: "type", name: "What", text: ({ eventType }) => inWords(eventType) },
    { id: "location", name: "Location", text: ({ locationId }) => locationId },
    {
      id: "state",
      name: "State",
      text: ({ state }) => inWords(state),
      cell: ({ state }) => <Badge tone={TONES[state]}>{inWords(state)}</Badge>,
    },
    { id: "reason", name: "Why", text: ({ reason }) => reason, isLong: true },
    {
      id: "received",
      name: "Received",
      text: ({ receivedAt }) => receivedAt,
      cell: ({ receivedAt }) => <When at={receivedAt} />,
    },
    {
      id: "decide",
      name: "Decide",
      text: () => null,
      isAct: true,
      cell: (event) =>
        event.state === "waiting" && (
          <span className="row">
            <Button size="small" whyNot={acts.whyNot(event)} onPress={() => acts.retry(event)}>
              Try again
            </Button>
            <Button
              size="small"
              whyNot={acts.whyNot(event)}
              onPress={() => acts.ask({ event, what: "discard" })}
            >
              Discard
            </Button>
          </span>
        ),
    },
    { id: "sequence", name: "Number", text: ({ sequence }) => sequence, isNumber: true, isExtra: true },
    { id: "tries", name: "Tries", text: ({ tries }) => tries, isNumber: true, isExtra: true },
    {
      id: "duplicates",
      name: "Told again",
      text: ({ duplicates }) => duplicates,
      isNumber: true,
      isExtra: true,
    },
    {
      id: "happened",
      name: "Happened",
      text: ({ timestamp }) => timestamp,
      cell: ({ timestamp }) => <When at={timestamp} />,
      isExtra: true,
    },
  ];
}

export default function Inbox() {
  const { operator } = useSession();
  const url = useUrlState();
  const state = STATES.find((each) => each === url.read("state"));
  const pages = usePages(
    "listWmsInbox",
    { query: state === undefined ? {} : { state } },
    { everyMs: EVERY_MS },
  );
  const retry = useChange("retryWmsEvent", TOUCHED);
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = columnsOf({
    whyNot: (event) => decideOnEvent(operator.role, event.state),
    ask: setAsked,
    retry: ({ eventId }) =>
      void sayOutcome(retry.run({ parameters: { eventId }, body: {} }), "It was tried again."),
  });
  return (
    <Page title="Told by warehouses">
      <WarehouseViews />
      <DataTable
        name="Events"
        columns={columns}
        pages={pages}
        keyOf={({ eventId }) => eventId}
        filters={
          <Choice
            label="State"
            value={state ?? ""}
            options={[
              { value: "", name: "All" },
              ...STATES.map((value) => ({ value: value as string, name: inWords(value) })),
            ]}
            onChange={(value) => url.write("state", value)}
          />
        }
        empty={<p>{state === "waiting" ? "No event waits." : "No warehouse has told anything yet."}</p>}
      />
      {asked?.what === "show" && (
        <Dialog
          title={`${inWords(asked.event.eventType)}, ${asked.event.eventId}`}
          isOpen
          onClose={() => setAsked(null)}
        >
          {asked.event.reason !== null && <p>{asked.event.reason}</p>}
          <Raw name="As the warehouse told it" value={asked.event.body} />
          <Button onPress={() => setAsked(null)}>Close</Button>
        </Dialog>
      )}
      {asked?.what === "discard" && <Discard event={asked.event} onClose={() => setAsked(null)} />}
    </Page>
  );
}

function Discard({ event, onClose }: { event: InboxEvent; onClose: () => void }) {
  const discard = useChange("discardWmsEvent", TOUCHED);
  const [reason, setReason] = useState("");
  return (
    <Confirm
      isOpen
      onClose={onClose}
      onYes={() => discard.run({ parameters: { eventId: event.eventId }, body: { reason } })}
      whyNot={reason.trim() === "" ? "Say why: it stands in the ledger." : null}
      question={{
        title: "Discard the event?",
        text: `What the warehouse told by ${event.eventId} never becomes stock. The event is kept and shown as discarded.`,
        yes: "Discard the event",
        isDanger: true,
      }}
    >
      <Field label="Why" required value={reason} onChange={setReason} />
    </Confirm>
  );
}
