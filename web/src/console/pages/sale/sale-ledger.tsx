// The ledger of a sale as a table; the whole of it as CSV is written by the server.
import { Link } from "wouter";
import { actorInWords } from "../../actors/actors.ts";
import { download } from "../../api/call.ts";
import { usePages } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { dataInWords, inWords } from "../../ui/words.ts";

/** As the ledger has it; the contract promises its names and leaves them open. */
interface LedgerRow {
  id: number;
  at: string;
  act: string;
  unit: number | null;
  holdId: string | null;
  entryId: string | null;
  actor: string;
  actorName: string | null;
  data: Record<string, unknown>;
}

/** The ledger says the names of operators itself. */
const NO_NAMES: ReadonlyMap<string, string> = new Map();

const COLUMNS: readonly ShownColumn<LedgerRow>[] = [
  { id: "id", name: "No.", text: (row) => row.id, cell: (row) => formats.number(row.id), isNumber: true },
  {
    id: "at",
    name: "When",
    text: (row) => row.at,
    cell: (row) => (
      <time dateTime={row.at} title={formats.exact(row.at)}>
        {formats.stamp(row.at)}
      </time>
    ),
  },
  { id: "act", name: "What", text: (row) => row.act, cell: (row) => inWords(row.act) },
  { id: "unit", name: "Unit", text: (row) => row.unit, isNumber: true },
  { id: "who", name: "Who", text: (row) => row.actorName ?? actorInWords(row.actor, NO_NAMES) },
  {
    id: "entry",
    isLong: true,
    name: "Entry",
    text: (row) => row.entryId,
    cell: (row) =>
      row.entryId !== null && <Link href={pathTo("entry", { entryId: row.entryId })}>{row.entryId}</Link>,
  },
  { id: "hold", name: "Hold", text: (row) => row.holdId, isExtra: true, isLong: true },
  {
    id: "data",
    isLong: true,
    name: "More",
    text: (row) => (Object.keys(row.data).length === 0 ? null : JSON.stringify(row.data)),
    cell: (row) => Object.keys(row.data).length > 0 && dataInWords(row.data),
  },
];

export function SaleLedger({ saleId }: { saleId: string }) {
  const pages = usePages("getAudit", { parameters: { saleId }, query: { order: "newest" } });
  return (
    <DataTable
      name="Audit of the sale"
      columns={COLUMNS}
      pages={{ ...pages, items: pages.items as unknown as LedgerRow[], all: pages.all as never }}
      keyOf={(row) => String(row.id)}
      file={`audit-${saleId}`}
      exported={() => download("getAudit", { parameters: { saleId } }, "text/csv")}
      empty={<p>Nothing was done yet.</p>}
    />
  );
}
