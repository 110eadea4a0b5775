// What became of operators themselves. What they did with sales and stock stands in those ledgers.
import { useActors } from "../../actors/actors.ts";
import type { AnswerOf } from "../../api/call.ts";
import { usePages } from "../../api/use-api.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { inWords } from "../../ui/words.ts";
import { SettingsViews } from "./views.tsx";

type Act = AnswerOf<"listOperatorActs">["items"][number];

function columnsOf(actor: (actor: string | null) => string): ShownColumn<Act>[] {
  return [
    {
      id: "at",
      name: "When",
      text: ({ at }) => at,
      cell: ({ at }) => <time dateTime={at}>{formats.exact(at)}</time>,
    },
    { id: "act", name: "What", text: ({ act }) => inWords(act) },
    { id: "who", name: "Of whom", text: ({ operatorId }) => actor(`operator:${operatorId}`) },
    { id: "by", name: "By", text: (row) => actor(row.actor) },
    {
      id: "data",
      name: "More",
      text: ({ data }) =>
        Object.entries(data)
          .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
          .join(", "),
    },
  ];
}

export default function Audit() {
  const actor = useActors();
  const pages = usePages("listOperatorActs", {});
  return (
    <Page title="Acts of operators">
      <SettingsViews />
      <DataTable
        name="Acts"
        columns={columnsOf(actor)}
        pages={pages}
        keyOf={({ id }) => String(id)}
        empty={<p>Nothing has happened yet.</p>}
      />
    </Page>
  );
}
