// Rehearsals of the sale with simulated shoppers: how each should go and how it went, side by side, also those before.
// Nothing is sold in one, and it says so wherever it is shown.
import type { RehearsalView } from "@dropgate/contracts/rehearsal";
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { Link } from "wouter";
import { useActors } from "../../actors/actors.ts";
import { useChange, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { RehearsalCurves } from "./rehearsal-curves.tsx";
import { BEHAVIOUR_NAMES } from "./rehearsal-words.ts";
import { Rehearsals } from "./rehearsals.tsx";
import { SalePage } from "./sale-page.tsx";
import { StartRehearsal } from "./start-rehearsal.tsx";

const EVERY_MS = 1_000;

export default function DryRun() {
  return <SalePage>{(sale) => <DryRunOf key={sale.id} sale={sale} />}</SalePage>;
}

type Run = NonNullable<RehearsalView["run"]>;

function isOn({ state }: Run): boolean {
  return state === "waiting" || state === "running";
}

function DryRunOf({ sale }: { sale: AdminSale }) {
  if (sale.rehearsal === true) {
    return (
      <Notice tone="warning">
        This sale is a rehearsal itself and cannot be rehearsed. Rehearse the sale that it was copied from.
      </Notice>
    );
  }
  return <Rehearsing sale={sale} />;
}

function Rehearsing({ sale }: { sale: AdminSale }) {
  const { operator } = useSession();
  const wanted = useUrlState().read("run");
  const parameters = { saleId: sale.id };
  const newest = useRead("getRehearsal", { parameters }, { everyMs: EVERY_MS });
  const run = newest.value?.run ?? null;
  const isEarlier = wanted !== "" && newest.value !== undefined && wanted !== run?.id;
  const earlier = useRead("getRehearsal", { parameters, query: { run: wanted } }, { isWanted: isEarlier });
  const shown = isEarlier ? earlier : newest;
  return (
    <>
      <p>
        In a rehearsal simulated shoppers come to a copy of the sale. Nothing is sold, no stock is touched,
        and nobody is told of it; the copy is removed by itself a week later. At speed 5 everything goes five
        times as fast.
      </p>
      {newest.problem !== null && <Refusal problem={newest.problem} again={newest.again} />}
      {newest.value === undefined && newest.problem === null && <Skeleton />}
      {newest.value !== undefined &&
        (run !== null && isOn(run) ? (
          <Stop sale={sale} run={run} whyNot={byRole(operator.role, "run")} />
        ) : (
          <StartRehearsal sale={sale} barred={byRole(operator.role, "run")} />
        ))}
      {isEarlier && earlier.problem !== null && <Refusal problem={earlier.problem} again={earlier.again} />}
      {shown.value !== undefined && shown.value.run !== null && (
        <OneRun run={shown.value.run} kind={sale.kind} />
      )}
      {newest.value !== undefined && run !== null && (
        <Rehearsals
          sale={sale}
          runs={[run, ...newest.value.earlier]}
          shownId={shown.value?.run?.id ?? null}
          again={newest.again}
        />
      )}
    </>
  );
}

function Stop({ sale, run, whyNot }: { sale: AdminSale; run: Run; whyNot: string | null }) {
  const stop = useChange("stopRehearsal", ["getRehearsal"]);
  const [asks, setAsks] = useState(false);
  return (
    <div className="row">
      <Button whyNot={whyNot} onPress={() => setAsks(true)}>
        Stop the rehearsal
      </Button>
      <Confirm
        isOpen={asks}
        onClose={() => setAsks(false)}
        onYes={async () => {
          const outcome = await stop.run({ parameters: { saleId: sale.id }, body: {} });
          if (outcome.ok) say("The rehearsal is being stopped.");
          return outcome;
        }}
        question={{
          title: "Stop the rehearsal?",
          text: `${formats.count(run.shoppers, "simulated shopper leaves", "simulated shoppers leave")} and the copy of the sale is closed. What was seen until then stays, but it cannot be gone on with. The sale itself is not touched.`,
          yes: "Stop the rehearsal",
        }}
      />
    </div>
  );
}

function OneRun({ run, kind }: { run: Run; kind: AdminSale["kind"] }) {
  const nameOf = useActors();
  const { outcome } = run;
  return (
    <Section title="Rehearsal: predicted and seen">
      <p>
        {run.detail} {formats.count(run.shoppers, "simulated shopper")},{" "}
        {BEHAVIOUR_NAMES[run.behaviour].toLowerCase()}, at speed {formats.rate(run.speed)}, started by{" "}
        {nameOf(run.startedBy)} on {formats.moment(run.createdAt)}.{" "}
        {run.saleId !== null && (
          <Link href={pathTo("sale", { saleId: run.saleId })}>
            {isOn(run) ? "Watch the rehearsal live" : "The rehearsal's own page"}
          </Link>
        )}
      </p>
      {outcome !== null && (
        <Notice tone={outcome.anomalies.length === 0 ? "good" : "bad"}>
          {formats.count(outcome.joined, "simulated shopper")} {kind === "rush" ? "got a unit" : "joined"} and{" "}
          {formats.number(outcome.purchased)} bought.{" "}
          {outcome.anomalies.length === 0 ? "Nothing went wrong." : outcome.anomalies.join(" ")}
        </Notice>
      )}
      <RehearsalCurves run={run} kind={kind} />
    </Section>
  );
}
