// All rehearsals of the sale: when, by whom, how each went; each leads to its curves. Those that have ended can be removed.
import type { Rehearsal } from "@dropgate/contracts/rehearsal";
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { Link } from "wouter";
import { useActors } from "../../actors/actors.ts";
import { useChange } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { BEHAVIOUR_NAMES, RUN_NAMES } from "./rehearsal-words.ts";

function columnsOf(
  saleId: string,
  shownId: string | null,
  nameOf: (actor: string) => string,
): readonly ShownColumn<Rehearsal>[] {
  return [
    {
      id: "at",
      name: "When",
      text: ({ createdAt }) => createdAt,
      cell: ({ id, createdAt }) => (
        <Link
          href={pathTo("saleDryRun", { saleId }, { run: id })}
          aria-current={id === shownId ? "true" : undefined}
        >
          <When at={createdAt} />
          {id === shownId && " (shown above)"}
        </Link>
      ),
    },
    { id: "who", name: "By", text: ({ startedBy }) => nameOf(startedBy) },
    { id: "state", name: "How it ended", text: ({ state }) => RUN_NAMES[state] },
    { id: "shoppers", name: "Shoppers", text: ({ shoppers }) => shoppers, isNumber: true },
    { id: "bought", name: "Bought", text: ({ outcome }) => outcome?.purchased ?? null, isNumber: true },
    {
      id: "wrong",
      name: "Went wrong",
      text: ({ outcome }) => (outcome === null ? null : outcome.anomalies.length),
      isNumber: true,
    },
    { id: "behaviour", name: "Behaviour", text: ({ behaviour }) => BEHAVIOUR_NAMES[behaviour] },
    { id: "speed", name: "Speed", text: ({ speed }) => speed, isNumber: true },
    {
      id: "removed",
      name: "Removed by itself",
      text: ({ removedAt }) => removedAt,
      cell: ({ removedAt }) => <When at={removedAt} />,
    },
  ];
}

export function Rehearsals({
  sale,
  runs,
  shownId,
  again,
}: {
  sale: AdminSale;
  runs: readonly Rehearsal[];
  shownId: string | null;
  again: () => void;
}) {
  const { operator } = useSession();
  const nameOf = useActors();
  const url = useUrlState();
  const remove = useChange("removeRehearsals", ["getRehearsal", "listAdminSales"]);
  const [isAsking, setAsking] = useState(false);
  const ended = runs.filter(({ endedAt }) => endedAt !== null).length;
  return (
    <Section
      title="All rehearsals"
      actions={
        <Button
          size="small"
          whyNot={byRole(operator.role, "run") ?? (ended === 0 ? "None has ended yet." : null)}
          onPress={() => setAsking(true)}
        >
          Remove the ended ones
        </Button>
      }
    >
      <DataTable
        name="Rehearsals"
        columns={columnsOf(sale.id, shownId, nameOf)}
        pages={{
          items: runs,
          problem: null,
          isLoading: false,
          isLoadingMore: false,
          hasMore: false,
          more: () => {},
          again,
          all: async () => ({ ok: true, value: { items: [...runs], isCut: false } }),
        }}
        keyOf={({ id }) => id}
        file={`rehearsals-${sale.id}`}
        empty={<p>It was not rehearsed yet.</p>}
      />
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onYes={async () => {
          const outcome = await remove.run({ parameters: { saleId: sale.id } });
          if (outcome.ok) {
            url.write("run", "");
            say(`${formats.count(outcome.value.removed, "rehearsal")} removed.`);
          }
          return outcome;
        }}
        question={{
          title: "Remove the ended rehearsals?",
          text: `${formats.count(ended, "rehearsal")} that ended, with the copies, their simulated shoppers and the curves, are removed for good. The sale itself stays as it is.`,
          yes: "Remove them",
          isDanger: true,
        }}
      />
    </Section>
  );
}
