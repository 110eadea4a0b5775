// Whether everything adds up: the report, recomputed from PostgreSQL at each look, the draw's proof, and how the last
// reconciliation of the stock went.
import type { AdminSale } from "@dropgate/contracts/sale";
import type { Verdict } from "@dropgate/draw";
import { useEffect, useRef, useState } from "react";
import type { CheckNews } from "../../../draw-check/draw-news.ts";
import { runCheck } from "../../../draw-check/run-check.ts";
import { useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { saveFile } from "../../ui/csv.ts";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { Stat, Stats } from "../../ui/stat.tsx";
import styles from "./proof.module.css";
import { ReportChecks, verdictOf } from "./report-checks.tsx";
import { SalePage } from "./sale-page.tsx";

export default function Proof() {
  return (
    <SalePage>
      {(sale) => (
        <>
          <ReportSection sale={sale} />
          {sale.kind === "lottery" && <DrawSection sale={sale} />}
          <Reconciled />
        </>
      )}
    </SalePage>
  );
}

function ReportSection({ sale }: { sale: AdminSale }) {
  const {
    value: report,
    problem,
    isLoading,
    again,
  } = useRead("getReport", { parameters: { saleId: sale.id } });
  return (
    <Section
      title="Report"
      actions={
        <>
          <Button size="small" isBusy={isLoading} onPress={again}>
            Check again
          </Button>
          <Button
            size="small"
            whyNot={report === undefined ? "There is no report yet." : null}
            onPress={() => {
              const text = JSON.stringify(report, null, 2);
              saveFile(`report-${sale.id}.json`, new Blob([text], { type: "application/json" }));
            }}
          >
            Download JSON
          </Button>
          <ButtonLink size="small" href={pathTo("saleReport", { saleId: sale.id })}>
            Printable page
          </ButtonLink>
        </>
      }
    >
      {problem !== null && <Refusal problem={problem} again={again} />}
      {report === undefined ? (
        problem === null && <Skeleton />
      ) : (
        <>
          <Notice tone={report.ok ? "good" : "bad"}>{verdictOf(report)}</Notice>
          <Stats>
            <Stat name="Units" value={formats.number(report.units)} />
            <Stat name="Sold" value={formats.number(report.sold)} />
            <Stat name="Held" value={formats.number(report.held)} />
            <Stat name="Free" value={formats.number(report.free)} />
            <Stat name="Returned" value={formats.number(report.returned)} />
          </Stats>
          <ReportChecks report={report} />
          <p className="soft">Recomputed {formats.exact(report.at)}.</p>
        </>
      )}
    </Section>
  );
}

type Stand = CheckNews | { kind: "none" } | { kind: "stopped" };

function DrawSection({ sale }: { sale: AdminSale }) {
  const { value: draw, problem, again } = useRead("getDraw", { parameters: { saleId: sale.id } });
  const [stand, setStand] = useState<Stand>({ kind: "none" });
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  function verify(): void {
    setStand({ kind: "reading", read: 0, listed: 0 });
    const proof = `/api/v1/sales/${encodeURIComponent(sale.id)}/draw`;
    stop.current = runCheck({ proof, entryId: null }, setStand);
  }
  return (
    <Section
      title="Draw"
      actions={
        stand.kind === "reading" ? (
          <Button
            size="small"
            onPress={() => {
              stop.current?.();
              setStand({ kind: "stopped" });
            }}
          >
            Stop
          </Button>
        ) : (
          <Button size="small" onPress={verify}>
            Verify in this browser
          </Button>
        )
      }
    >
      {problem !== null && <Refusal problem={problem} again={again} />}
      {stand.kind === "reading" && (
        <p className="soft">
          {stand.listed === 0
            ? "Reading the proof…"
            : `${formats.number(stand.read)} of ${formats.count(stand.listed, "entry", "entries")} worked out again…`}
        </p>
      )}
      {stand.kind === "stopped" && (
        <Notice tone="plain">
          You stopped the check before it was through, so it says nothing about the proof.
        </Notice>
      )}
      {stand.kind === "away" && (
        <Notice tone="bad">The proof could not be read. Try again in a moment.</Notice>
      )}
      {stand.kind === "read" && <DrawVerdict verdict={stand.verdict} />}
      {draw !== undefined && (
        <dl className={styles["facts"]}>
          <div>
            <dt>Fingerprint, published before</dt>
            <dd>
              <code>{draw.commitment}</code>
            </dd>
          </div>
          <div>
            <dt>Secret</dt>
            <dd>{draw.secret === null ? "Published when the sale closes." : <code>{draw.secret}</code>}</dd>
          </div>
          <div>
            <dt>Drawn so far</dt>
            <dd>
              {draw.buckets.length === 0
                ? "Nothing yet."
                : `${formats.count(
                    draw.buckets.reduce((sum, { count }) => sum + count, 0),
                    "entry",
                    "entries",
                  )} in ${formats.count(draw.buckets.length, "group")}, the first ${formats.exact(draw.buckets[0]?.sealedAt ?? 0)}.`}
            </dd>
          </div>
        </dl>
      )}
    </Section>
  );
}

function DrawVerdict({ verdict }: { verdict: Verdict }) {
  if (verdict.state === "invalid") {
    const failed = verdict.checks.filter(({ state }) => state === "failed").map(({ detail }) => detail);
    return <Notice tone="bad">This proof does not hold. {failed.join(" ")}</Notice>;
  }
  const entries = formats.count(verdict.entries, "entry", "entries");
  return verdict.state === "open" ? (
    <Notice tone="plain">
      So far it holds, for {entries}. The rest can be checked when the sale has closed.
    </Notice>
  ) : (
    <Notice tone="good">All of it holds, for {entries}.</Notice>
  );
}

function Reconciled() {
  const { value, problem, again } = useRead("listReconciliations", { query: { limit: 1 } });
  const last = value?.items[0];
  return (
    <Section title="Reconciliation of the stock">
      {problem !== null && <Refusal problem={problem} again={again} />}
      {value !== undefined && last === undefined && <p className="soft">None has run yet.</p>}
      {last !== undefined && (
        <Notice tone={last.differences.proposed > 0 ? "warning" : last.state === "done" ? "good" : "plain"}>
          {last.state === "done" && last.endedAt !== null
            ? `The last one ended ${formats.exact(last.endedAt)}: ${formats.count(last.levels, "level")} looked at, ${formats.count(last.differences.applied, "difference")} repaired, ${formats.number(last.differences.proposed)} waiting for a decision.`
            : `One is under way: ${formats.count(last.levels, "level")} looked at so far.`}
        </Notice>
      )}
    </Section>
  );
}
