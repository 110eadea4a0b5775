// The page for the big moment: one sale, its buttons, and everything that moves, by the socket and four times a second.
import type { Alert } from "@dropgate/contracts/alert";
import type { AdminSale } from "@dropgate/contracts/sale";
import type { LiveMetrics, SaleMetrics } from "@dropgate/contracts/sale-metrics";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useRead } from "../../api/use-api.ts";
import { useSaleLink } from "../../live/sale-link.ts";
import { Chart } from "../../ui/chart.tsx";
import { Choice } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { Stat, Stats } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { flowsOf, levelsOf, pointsOf, RANGES, timesOf } from "./curves.ts";
import { Drive } from "./drive.tsx";
import { Funnel } from "./funnel.tsx";
import styles from "./live.module.css";
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
  const wanted = useUrlState().read("range");
  const range = RANGES.find(({ value }) => value === wanted) ?? RANGES[1];
  const asked = useRead(
    "getSaleMetrics",
    { parameters: { saleId: sale.id }, query: { step: range.step } },
    { everyMs: isUp ? Number(range.step) * 1_000 : ASKED_MS },
  );
  const pools = useRead("getPools", { parameters: { saleId: sale.id } }, isUp ? {} : { everyMs: ASKED_MS });
  const figures = isUp && metrics !== null ? metrics.figures : (asked.value?.now ?? null);
  const totals = isUp && metrics !== null ? metrics.totals : asked.value?.totals;
  return (
    <>
      {!isUp && (
        <Notice tone="warning">
          The live link is away. These figures are asked for once a second; the sale itself goes on.
        </Notice>
      )}
      <Drive sale={sale} />
      <div className={styles["top"]}>
        <Now sale={sale} metrics={metrics} figures={figures} />
        <RateSlider sale={sale} />
      </div>
      <Curves series={asked.value?.series} figures={figures} seconds={range.seconds} />
      <div className={styles["halves"]}>
        <Pools sale={sale} pools={(isUp ? metrics?.pools : undefined) ?? pools.value?.items ?? []} />
        {totals !== undefined && <Funnel totals={totals} />}
      </div>
      {metrics !== null && isUp && <Pulse metrics={metrics} />}
    </>
  );
}

interface NowProps {
  sale: AdminSale;
  metrics: LiveMetrics | null;
  figures: LiveMetrics["figures"] | null;
}

function Now({ sale, metrics, figures }: NowProps) {
  const { quantity, units, queue } = sale;
  const shown = figures ?? { ...units, waiting: queue.waiting, serving: queue.serving };
  return (
    <Stats>
      <Stat
        name="Waiting"
        value={formats.number(shown.waiting)}
        more={`serving no. ${formats.number(shown.serving)}`}
      />
      <Stat name="Have an offer" value={formats.number(metrics?.states.offered ?? 0)} />
      <Stat name="Held" value={formats.number(shown.held)} />
      <Stat
        name="Sold"
        value={formats.number(shown.sold)}
        more={`of ${formats.number(quantity)}`}
        tone={shown.sold >= quantity ? "good" : "plain"}
      />
      <Stat name="Free" value={formats.number(shown.free)} />
    </Stats>
  );
}

function Curves({
  series,
  figures,
  seconds,
}: {
  series: SaleMetrics["series"] | undefined;
  figures: LiveMetrics["figures"] | null;
  seconds: number;
}) {
  const url = useUrlState();
  const points = pointsOf(series, figures, seconds);
  const times = timesOf(points);
  return (
    <Section
      title="Curves"
      actions={
        <Choice
          label="Range"
          value={RANGES.find(({ value }) => value === url.read("range"))?.value ?? "hour"}
          options={RANGES}
          onChange={(value) => url.write("range", value === "hour" ? "" : value)}
        />
      }
    >
      <div className={styles["halves"]}>
        <Chart title="What happens" unit="a second" times={times} curves={flowsOf(points)} />
        <Chart title="How many" times={times} curves={levelsOf(points)} write={formats.number} />
      </div>
    </Section>
  );
}
