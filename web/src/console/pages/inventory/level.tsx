// One SKU at one location: its figures, its limits, and every change that made it what it is.
import type { Level } from "@dropgate/contracts/inventory";
import { useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Badge, Stat, Stats } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { AskButtons } from "./ask-buttons.tsx";
import { Ledger } from "./ledger.tsx";
import { LevelLimits } from "./level-limits.tsx";
import { StandingBadge } from "./levels.tsx";

const EVERY_MS = 5_000;

export default function LevelPage() {
  const url = useUrlState();
  const [sku, locationId] = [url.read("sku"), url.read("locationId")];
  // Here the query says what is read: another level is another page, without what was asked or typed for the last one.
  return <LevelOf key={JSON.stringify([sku, locationId])} sku={sku} locationId={locationId} />;
}

function LevelOf({ sku, locationId }: { sku: string; locationId: string }) {
  const read = useRead("listLevels", { query: { sku, locationId, limit: 1 } }, { everyMs: EVERY_MS });
  const level = read.value?.items[0];
  return (
    <Page
      title={sku}
      above={{ name: "Inventory", href: pathTo("inventory") }}
      badge={
        <>
          <Badge>{locationId}</Badge> {level !== undefined && <StandingBadge level={level} />}
        </>
      }
      actions={<AskButtons asks={["correction", "count", "transfer", "delivery"]} {...{ sku, locationId }} />}
    >
      {read.problem !== null && <Refusal problem={read.problem} again={read.again} />}
      {read.isLoading && <Skeleton />}
      {read.value !== undefined && level === undefined && (
        <Notice tone="plain">
          There is no stock of this SKU at this location yet. A level begins with its first delivery or
          correction.
        </Notice>
      )}
      {level !== undefined && (
        <>
          <Figures level={level} />
          <LevelLimits level={level} />
          <Section title="Ledger">
            <Ledger sku={sku} locationId={locationId} />
          </Section>
        </>
      )}
    </Page>
  );
}

function Figures({ level }: { level: Level }) {
  const counted =
    level.lastCountedAt === null ? "never counted" : `counted ${formats.moment(level.lastCountedAt)}`;
  return (
    <Stats>
      <Stat
        name="Available"
        value={formats.number(level.available)}
        tone={level.available < 0 ? "bad" : "plain"}
        more="left to promise"
      />
      <Stat name="On hand" value={formats.number(level.onHand)} more={counted} />
      <Stat name="Reserved" value={formats.number(level.reserved)} more="checkouts and sales" />
      <Stat name="Allocated" value={formats.number(level.allocated)} more="confirmed orders" />
      <Stat name="On the way here" value={formats.number(level.inTransitIn)} />
      <Stat name="On the way out" value={formats.number(level.inTransitOut)} />
      <Stat name="Damaged" value={formats.number(level.damaged)} />
    </Stats>
  );
}
