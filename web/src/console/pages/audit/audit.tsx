// Who did what: in a sale, and, for admins, with operators themselves and with the settings.
import type { operatorActListSchema } from "@dropgate/contracts/operators";
import { usePages, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { DataTable, type ShownColumn, Skeleton } from "../../ui/data-table.tsx";
import { Choice } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { dataInWords } from "../../ui/words.ts";
import { SaleLedger } from "../sale/sale-ledger.tsx";
import { SettingsActs } from "./settings-acts.tsx";

const SALES_OFFERED = 200;
const OPERATORS = "operators";
const SETTINGS = "settings";

export default function Audit() {
  const { operator } = useSession();
  const url = useUrlState();
  const sales = useRead("listAdminSales", { query: { limit: SALES_OFFERED, rehearsals: "with" } });
  const items = sales.value?.items ?? [];
  const mayOperators = byRole(operator.role, "administer") === null;
  const first = items.find(({ rehearsal }) => rehearsal !== true);
  const of = url.read("of") || (first?.id ?? (mayOperators ? OPERATORS : ""));
  return (
    <Page title="Audit">
      <div className="row">
        <Choice
          label="Of"
          value={of}
          options={[
            ...(mayOperators || of === OPERATORS ? [{ value: OPERATORS, name: "Operators" }] : []),
            ...(mayOperators || of === SETTINGS ? [{ value: SETTINGS, name: "Settings" }] : []),
            ...items.map(({ id, title, rehearsal }) => ({
              value: id,
              name: rehearsal === true ? `${title} (rehearsal)` : title,
            })),
          ]}
          onChange={(value) => url.write("of", value)}
        />
      </div>
      {of === OPERATORS ? (
        <OperatorActs />
      ) : of === SETTINGS ? (
        <SettingsActs />
      ) : of !== "" ? (
        <SaleLedger key={of} saleId={of} />
      ) : sales.isLoading ? (
        <Skeleton />
      ) : (
        <p className="soft">There is no sale yet, and so nothing was done in one.</p>
      )}
    </Page>
  );
}

type Act = (typeof operatorActListSchema)["_zod"]["output"]["items"][number];

function OperatorActs() {
  const names = useRead("listOperatorNames", { query: { limit: 200 } });
  const pages = usePages("listOperatorActs", {});
  const nameOf = (id: string): string => names.value?.items.find((item) => item.id === id)?.name ?? id;
  return (
    <DataTable
      name="Operators' acts"
      columns={columnsOf(nameOf)}
      pages={pages}
      keyOf={(act) => String(act.id)}
      file="operator-acts"
      empty={<p>Nothing was done yet.</p>}
    />
  );
}

/** @param nameOf whom an id means */
function columnsOf(nameOf: (id: string) => string): readonly ShownColumn<Act>[] {
  const who = ({ actor }: Act): string =>
    actor.startsWith("operator:") ? nameOf(actor.slice("operator:".length)) : actor;
  return [
    {
      id: "at",
      name: "When",
      text: (act) => act.at,
      cell: (act) => (
        <time dateTime={act.at} title={formats.exact(act.at)}>
          {formats.stamp(act.at)}
        </time>
      ),
    },
    { id: "act", name: "What", text: (act) => ACT_NAMES[act.act] },
    { id: "whom", name: "Whose", text: (act) => nameOf(act.operatorId) },
    { id: "who", name: "By", text: who },
    {
      id: "data",
      isLong: true,
      name: "More",
      text: (act) => (Object.keys(act.data).length === 0 ? null : JSON.stringify(act.data)),
      cell: (act) => Object.keys(act.data).length > 0 && dataInWords(act.data),
    },
  ];
}

const ACT_NAMES: Readonly<Record<Act["act"], string>> = {
  "operator.added": "Added",
  "operator.changed": "Changed",
  "operator.disabled": "Disabled",
  "operator.enabled": "Enabled again",
  "password.reset": "Password reset",
  "password.changed": "Password changed",
  "session.opened": "Signed in",
  "sessions.ended": "Signed out everywhere",
};
