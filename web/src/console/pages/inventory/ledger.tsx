// Every change of a level, the newest first; never edited, so that the sum of them is the level.
import type { Transaction } from "@dropgate/contracts/inventory";
import { useActors } from "../../actors/actors.ts";
import { usePages } from "../../api/use-api.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { deltasInWords, inWords } from "../../ui/words.ts";

export function transactionColumns(actor: (actor: string | null) => string): ShownColumn<Transaction>[] {
  return [
    {
      id: "at",
      name: "When",
      text: ({ at }) => at,
      cell: ({ at }) => <time dateTime={at}>{formats.exact(at)}</time>,
    },
    { id: "type", name: "What", text: ({ type }) => inWords(type) },
    { id: "change", name: "Change", text: ({ deltas }) => deltasInWords(deltas) },
    {
      id: "reference",
      name: "For",
      text: ({ reference }) => (reference === null ? null : `${inWords(reference.type)} ${reference.id}`),
    },
    { id: "actor", name: "By", text: (row) => actor(row.actor) },
    {
      id: "reason",
      isLong: true,
      name: "Why",
      text: ({ data }) => (typeof data["reason"] === "string" ? data["reason"] : null),
    },
    {
      id: "effective",
      name: "Happened",
      text: ({ effectiveAt }) => effectiveAt,
      cell: ({ effectiveAt }) => <time dateTime={effectiveAt}>{formats.exact(effectiveAt)}</time>,
      isExtra: true,
    },
    { id: "id", name: "Number", text: ({ id }) => id, isNumber: true, isExtra: true },
  ];
}

export function Ledger({ sku, locationId }: { sku: string; locationId: string }) {
  const actor = useActors();
  const pages = usePages("listTransactions", { query: { sku, locationId } });
  return (
    <DataTable
      name="Changes of the level"
      columns={transactionColumns(actor)}
      pages={pages}
      keyOf={({ id }) => String(id)}
      empty={<p>Nothing has happened to this level yet.</p>}
      file={`ledger ${sku} ${locationId}`}
    />
  );
}
