// What stands against crowds that are none, and where each of it is set: by the environment of the gateways, and by sales.
import { Link } from "wouter";
import type { AnswerOf } from "../../api/call.ts";
import { type Read, useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { allAtOnce } from "../../ui/all-at-once.ts";
import { DataTable, type ShownColumn, Skeleton } from "../../ui/data-table.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { SettingsViews } from "./views.tsx";

type Defence = AnswerOf<"getBotDefence">;
type DefendedSale = Defence["sales"][number];

const PUZZLES: Readonly<Record<DefendedSale["challenge"], string>> = {
  off: "Not asked for",
  auto: "Not asked for yet",
  on: "Asked for: nobody without an account can join",
};
const whoOf = ({ identity }: DefendedSale): string =>
  identity === "merchant" ? "Signed-in customers" : "Anybody";

const COLUMNS: readonly ShownColumn<DefendedSale>[] = [
  {
    id: "sale",
    name: "Sale",
    text: ({ title }) => title,
    cell: ({ saleId, title }) => <Link href={pathTo("saleSettings", { saleId })}>{title}</Link>,
  },
  {
    id: "who",
    name: "Who may join",
    text: whoOf,
    cell: (sale) => <Badge tone={sale.identity === "merchant" ? "good" : "plain"}>{whoOf(sale)}</Badge>,
  },
  { id: "limit", name: "Units each", text: ({ limitPerShopper }) => limitPerShopper, isNumber: true },
  {
    id: "puzzle",
    name: "Puzzle",
    text: ({ challenge }) => PUZZLES[challenge],
    cell: ({ challenge }) =>
      challenge === "on" ? <Badge tone="bad">{PUZZLES.on}</Badge> : PUZZLES[challenge],
  },
];

export default function BotDefence() {
  const read = useRead("getBotDefence", {});
  return (
    <Page title="Bot defence">
      <SettingsViews />
      <p className="soft">
        A place in line costs nothing, so somebody may want thousands. What is counted here keeps one person
        at one place; who signs in at your shop is known best.
      </p>
      <Limits {...read} />
      <Section title="What each sale asks">
        <DataTable
          name="Sales that are not closed"
          columns={COLUMNS}
          pages={allAtOnce(read.value?.sales ?? [], read)}
          keyOf={({ saleId }) => saleId}
          empty={<p>There is no sale that is not closed.</p>}
        />
        <p className="soft">
          Who may join and how many units each may have is chosen when a sale is made, and stays: a crowd that
          is already in line was let in by it.
        </p>
      </Section>
    </Page>
  );
}

/** Of the gateway that answered; all gateways are meant to be set alike. */
function Limits({ value, problem }: Read<Defence>) {
  // What went wrong is said once, by the table below.
  if (value === undefined) return problem === null ? <Skeleton lines={4} /> : null;
  return (
    <Section title="What every gateway counts">
      {value.joinsPerAddress === null && (
        <Notice tone="warning">
          Joins of one address are not counted, nor are tries to sign in here. That is right behind a proxy
          which hides addresses, and nowhere else: set JOINS_PER_ADDRESS.
        </Notice>
      )}
      <Card>
        <Facts
          facts={[
            [
              "Joins of one address",
              <Setting key="a" now={rateText(value.joinsPerAddress)} by="JOINS_PER_ADDRESS" />,
            ],
            ["Joins of one shopper", <Setting key="s" now={rateText(value.joinsPerShopper)} by={null} />],
            [
              "Proxies whose word for an address counts",
              <Setting key="p" now={value.trustedProxies.join(", ") || "none"} by="TRUSTED_PROXIES" />,
            ],
            [
              "Other pages that may connect",
              <Setting key="o" now={value.allowedOrigins.join(", ") || "none"} by="ALLOWED_ORIGINS" />,
            ],
          ]}
        />
      </Card>
    </Section>
  );
}

/** @param by the variable of the environment; null: it is part of the program */
function Setting({ now, by }: { now: string; by: string | null }) {
  return (
    <>
      {now}
      <br />
      <span className="soft">
        {by === null ? (
          "always so"
        ) : (
          <>
            set by <code>{by}</code>
          </>
        )}
      </span>
    </>
  );
}

function rateText(limit: { perSecond: number; burst: number } | null): string {
  if (limit === null) return "off";
  return `${formats.rate(limit.perSecond)} a second, ${formats.number(limit.burst)} at once`;
}
