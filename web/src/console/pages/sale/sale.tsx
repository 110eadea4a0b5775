// The page for the big moment: one sale, its buttons, and everything that moves, by the socket and four times a second.
import type { Alert } from "@dropgate/contracts/alert";
import type { AdminSale } from "@dropgate/contracts/sale";
import type { LiveMetrics, SaleMetrics } from "@dropgate/contracts/sale-metrics";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useRead } from "../../api/use-api.ts";
import { useSaleLink } from "../../live/sale-link.ts";
import { Chart } from "../../ui/chart.tsx";
import { Refusal } from "../../ui/data-table.tsx";
import { Choice } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { Stat, Stats } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { flowsOf, levelsOf, pointsOf, type Range, rangeOf, rangesOf, timesOf } from "./curves.ts";
import { Drive } from "./drive.tsx";
import { Funnel } from "./funnel.tsx";
import styles from "./live.module.css";
import { type NowFigures, nowFigures } from "./now-figures.ts";
import { Pools } from "./pools.tsx";
import { Pulse } from "./pulse.tsx";
import { RateSlider } from "./rate-slider.tsx";
import { SalePage } from "./sale-page.tsx";

export default function Sale() {
  return <SalePage>{(sale) => <LiveSale key={sale.id} sale={sale} />}</SalePage>;
}

/** Without the socket figures are asked for this often. */
const ASKED_MS = 1_000;

function LiveSale({ sale }: { sale: AdminSale }) {
  const client = useQueryClient();
  const hearAlert = useCallback(
    (alert: Alert) => {
      say(alert.detail, "bad");
      void client.invalidateQueries({ queryKey: ["listAlerts"] });
    },
    [client],
  );
  const { metrics, isUp } = useSaleLink(sale.id, hearAlert);
  const fresh = isUp ? metrics : null;
  // By the server's clock, as all that is shown.
  const nowMs = Date.parse(fresh?.at ?? sale.serverTime);
  const range = rangeOf(useUrlState().read("range"), sale, nowMs);
  const asked = useRead(
    "getSaleMetrics",
    { parameters: { saleId: sale.id }, query: { step: range.step } },
    { everyMs: isUp ? Number(range.step) * 1_000 : ASKED_MS },
  );
  const pools = useRead("getPools", { parameters: { saleId: sale.id } }, isUp ? {} : { everyMs: ASKED_MS });
  const told = metrics?.phase;
  // The socket knows first: what stands above the page, and in the bar, is to say the same.
  useEffect(() => {
    if (told === undefined || told === sale.phase) return;
    void client.invalidateQueries({ queryKey: ["getAdminSale"] });
  }, [client, told, sale.phase]);
  const answer = asked.problem === null ? (asked.value ?? null) : null;
  const figures = fresh?.figures ?? answer?.now ?? null;
  const totals = fresh?.totals ?? asked.value?.totals;
  const refused = [asked, ...(isUp ? [] : [pools])].find(({ problem }) => problem !== null);
  return (
    <>
      {!isUp && (
        <Notice tone="warning">
          The live link is away. These figures are asked for once a second; the sale itself goes on.
        </Notice>
      )}
      {refused !== undefined && refused.problem !== null && (
        <Refusal problem={refused.problem} again={refused.again} />
      )}
      <Drive sale={sale} />
      <div className={styles["top"]}>
        <Now quantity={sale.quantity} figures={nowFigures(sale, fresh, answer)} />
        <RateSlider sale={sale} />
      </div>
      <Curves sale={sale} range={range} nowMs={nowMs} series={asked.value?.series} figures={figures} />
      <div className={styles["halves"]}>
        <Pools sale={sale} pools={fresh?.pools ?? pools.value?.items ?? []} />
        {totals !== undefined && <Funnel totals={totals} />}
      </div>
      <Pulse metrics={fresh} />
    </>
  );
}

function Now({ quantity, figures }: { quantity: number; figures: NowFigures }) {
  return (
    <Stats>
      <Stat
        name="Waiting"
        value={formats.number(figures.waiting)}
        more={`serving no. ${formats.number(figures.serving)}`}
      />
      {figures.offered === null ? (
        <Stat name="Have an offer" value="–" more="by the live link" />
      ) : (
        <Stat name="Have an offer" value={formats.number(figures.offered)} />
      )}
      <Stat name="Held" value={formats.number(figures.held)} />
      <Stat
        name="Sold"
        value={formats.number(figures.sold)}
        more={`of ${formats.number(quantity)}`}
        tone={figures.sold >= quantity ? "good" : "plain"}
      />
      <Stat name="Free" value={formats.number(figures.free)} />
    </Stats>
  );
}

function Curves({
  sale,
  range,
  nowMs,
  series,
  figures,
}: {
  sale: AdminSale;
  range: Range;
  nowMs: number;
  series: SaleMetrics["series"] | undefined;
  figures: LiveMetrics["figures"] | null;
}) {
  const url = useUrlState();
  const points = pointsOf(series, figures, range.seconds);
  const times = timesOf(points);
  return (
    <Section
      title="Curves"
      actions={
        <Choice
          label="Range"
          value={range.name}
          options={rangesOf(sale, nowMs)}
          onChange={(value) => url.write("range", value)}
        />
      }
    >
      <div className={styles["halves"]}>
        <Chart title="What happens" unit="a second" times={times} curves={flowsOf(points)} />
        <Chart title="How many" times={times} curves={levelsOf(points)} isCount />
      </div>
    </Section>
  );
}
