// What somebody should look at: open until it is seen, seen until it is done.
import type { Alert } from "@dropgate/contracts/alert";
import { Link } from "wouter";
import { useActors } from "../../actors/actors.ts";
import { useChange, usePages } from "../../api/use-api.ts";
import { decideOnAlert } from "../../may/stock.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { sayOutcome } from "../../ui/say-outcome.ts";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { inWords } from "../../ui/words.ts";
import { wayFrom } from "./way.ts";

const EVERY_MS = 5_000;
const STATES = ["open", "acknowledged", "resolved"] as const;
const NAMES = { open: "Open", acknowledged: "Seen", resolved: "Resolved" } as const;
const TONES = { open: "warning", acknowledged: "accent", resolved: "plain" } as const;

interface Acts {
  actor: (actor: string | null) => string;
  whyNot: (alert: Alert, act: "acknowledge" | "resolve") => string | null;
  acknowledge: (alert: Alert) => void;
  resolve: (alert: Alert) => void;
}

function columnsOf(acts: Acts): ShownColumn<Alert>[] {
  return [
    {
      id: "kind",
      name: "What",
      text: ({ kind }) => inWords(kind),
      cell: (alert) => {
        const way = wayFrom(alert);
        return way === null ? inWords(alert.kind) : <Link href={way}>{inWords(alert.kind)}</Link>;
      },
    },
    { id: "detail", name: "In words", text: ({ detail }) => detail, isLong: true },
    {
      id: "state",
      name: "State",
      text: ({ state }) => NAMES[state],
      cell: ({ state }) => <Badge tone={TONES[state]}>{NAMES[state]}</Badge>,
    },
    {
      id: "last",
      name: "Last found",
      text: ({ lastAt }) => lastAt,
      cell: ({ lastAt }) => <When at={lastAt} />,
    },
    { id: "times", name: "Times", text: ({ times }) => times, isNumber: true },
    { id: "by", name: "Decided by", text: ({ decidedBy }) => decidedBy && acts.actor(decidedBy) },
    {
      id: "decide",
      name: "Decide",
      text: () => null,
      isAct: true,
      cell: (alert) =>
        alert.state !== "resolved" && (
          <span className="row">
            <Button
              size="small"
              whyNot={acts.whyNot(alert, "acknowledge")}
              onPress={() => acts.acknowledge(alert)}
            >
              Seen
            </Button>
            <Button size="small" whyNot={acts.whyNot(alert, "resolve")} onPress={() => acts.resolve(alert)}>
              Resolve
            </Button>
          </span>
        ),
    },
    { id: "sku", name: "SKU", text: ({ sku }) => sku, isExtra: true },
    { id: "location", name: "Location", text: ({ locationId }) => locationId, isExtra: true },
    {
      id: "first",
      name: "First found",
      text: ({ firstAt }) => firstAt,
      cell: ({ firstAt }) => <When at={firstAt} />,
      isExtra: true,
    },
  ];
}

export default function Alerts() {
  const { operator } = useSession();
  const url = useUrlState();
  const actor = useActors();
  const state = STATES.find((each) => each === url.read("state"));
  const pages = usePages(
    "listAlerts",
    { query: state === undefined ? {} : { state } },
    { everyMs: EVERY_MS },
  );
  const acknowledge = useChange("acknowledgeAlert", ["listAlerts"]);
  const resolve = useChange("resolveAlert", ["listAlerts"]);
  const columns = columnsOf({
    actor,
    whyNot: (alert, act) => decideOnAlert(operator.role, alert.state, act),
    acknowledge: ({ id }) =>
      void sayOutcome(acknowledge.run({ parameters: { alertId: id }, body: {} }), "Marked as seen."),
    resolve: ({ id }) =>
      void sayOutcome(
        resolve.run({ parameters: { alertId: id }, body: {} }),
        "Resolved. It opens anew if it is found again.",
      ),
  });
  return (
    <Page title="Alerts">
      <DataTable
        name="Alerts"
        columns={columns}
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
        empty={<p>{state === "open" ? "Nothing wants to be looked at." : "No alert is in this state."}</p>}
      />
    </Page>
  );
}
