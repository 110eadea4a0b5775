// A rehearsal of the sale with simulated shoppers: how it should go and how it goes, side by side. Nothing is sold in it,
// and it says so wherever it is shown.
import type { CurvePoint, RehearsalView } from "@dropgate/contracts/rehearsal";
import { SALE_BEHAVIOURS, type SaleBehaviour } from "@dropgate/contracts/rehearsal-behaviour";
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { Link } from "wouter";
import { sentenceOf } from "../../api/problem.ts";
import { useChange, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Chart } from "../../ui/chart.tsx";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { SalePage } from "./sale-page.tsx";

const EVERY_MS = 1_000;

export default function DryRun() {
  return <SalePage>{(sale) => <Rehearsal sale={sale} />}</SalePage>;
}

function Rehearsal({ sale }: { sale: AdminSale }) {
  const { value, problem, again } = useRead(
    "getRehearsal",
    { parameters: { saleId: sale.id } },
    { everyMs: EVERY_MS },
  );
  if (sale.rehearsal === true) return <Notice tone="warning">This sale is a rehearsal itself.</Notice>;
  return (
    <>
      <Notice tone="warning">
        A rehearsal: simulated shoppers come to a copy of the sale, and nothing is sold.
      </Notice>
      {problem !== null && <Refusal problem={problem} again={again} />}
      {value === undefined ? problem === null && <Skeleton /> : <Run sale={sale} run={value.run} />}
    </>
  );
}

type Running = NonNullable<RehearsalView["run"]>;

function Run({ sale, run }: { sale: AdminSale; run: Running | null }) {
  const { operator } = useSession();
  const stop = useChange("stopRehearsal", ["getRehearsal"]);
  const [asks, setAsks] = useState(false);
  const isOn = run !== null && (run.state === "waiting" || run.state === "running");
  const barred = byRole(operator.role, "run");
  return (
    <>
      {isOn ? (
        <Button whyNot={barred} onPress={() => setAsks(true)}>
          Stop the rehearsal
        </Button>
      ) : (
        <Start sale={sale} barred={barred} />
      )}
      <Confirm
        isOpen={asks && isOn}
        onClose={() => setAsks(false)}
        onYes={async () => {
          const outcome = await stop.run({ parameters: { saleId: sale.id }, body: {} });
          if (outcome.ok) say("The rehearsal is being stopped.");
          return outcome;
        }}
        question={{
          title: "Stop the rehearsal?",
          text: `${formats.count(run?.shoppers ?? 0, "simulated shopper leaves", "simulated shoppers leave")} and the copy of the sale is closed. What was seen until then stays, but it cannot be gone on with. The sale itself is not touched.`,
          yes: "Stop the rehearsal",
        }}
      />
      {run !== null && (
        <Section title="Rehearsal: predicted and seen">
          <p>
            {run.detail} {formats.count(run.shoppers, "simulated shopper")},{" "}
            {BEHAVIOUR_NAMES[run.behaviour].toLowerCase()}, at speed {formats.rate(run.speed)}.{" "}
            {run.saleId !== null && (
              <Link href={pathTo("sale", { saleId: run.saleId })}>
                {isOn ? "Watch the rehearsal live" : "The rehearsal's own page"}
              </Link>
            )}
          </p>
          {run.outcome !== null && (
            <Notice tone={run.outcome.anomalies.length === 0 ? "good" : "bad"}>
              {formats.count(run.outcome.joined, "simulated shopper")} joined and{" "}
              {formats.number(run.outcome.purchased)} bought.{" "}
              {run.outcome.anomalies.length === 0 ? "Nothing went wrong." : run.outcome.anomalies.join(" ")}
            </Notice>
          )}
          <Curves run={run} />
        </Section>
      )}
    </>
  );
}

const FIGURES = [
  ["Offered", "--curve-3", "offered"],
  ["Confirmed", "--curve-2", "confirmed"],
  ["Joined", "--curve-1", "joined"],
] as const satisfies readonly [string, string, keyof CurvePoint][];

/** The second 0 of both is when the shoppers began to come, and both are as long: so they can be compared by eye. */
function Curves({ run }: { run: Running }) {
  const startMs = Date.parse(run.startedAt ?? run.createdAt);
  const ends = [run.predicted.points, run.seen.points].map((points) => points.at(-1)?.second ?? 0);
  const end = Math.max(...ends);
  const chart = (title: string, points: readonly CurvePoint[]) => {
    const isShort = (points.at(-1)?.second ?? 0) < end;
    return (
      <Chart
        title={title}
        times={[...points.map(({ second }) => second), ...(isShort ? [end] : [])].map(
          (second) => startMs / 1_000 + second,
        )}
        curves={FIGURES.map(([name, color, key]) => ({
          name,
          color,
          values: [...points.map((point) => Math.round(point[key])), ...(isShort ? [null] : [])],
        }))}
        write={formats.number}
      />
    );
  };
  return (
    <div className="sides">
      {chart("Rehearsal, predicted", run.predicted.points)}
      {chart("Rehearsal, seen", run.seen.points)}
    </div>
  );
}

const BEHAVIOUR_NAMES: Readonly<Record<SaleBehaviour, string>> = {
  mixed: "As people are",
  eager: "All eager",
  hesitant: "Many hesitant",
};
const SHOPPERS_MAX = 5_000;
const SPEED_MAX = 20;

function Start({ sale, barred }: { sale: AdminSale; barred: string | null }) {
  const start = useChange("startRehearsal", ["getRehearsal"]);
  const [shoppers, setShoppers] = useState("300");
  const [speed, setSpeed] = useState("5");
  const [behaviour, setBehaviour] = useState<SaleBehaviour>("mixed");
  const isCount = /^\d+$/.test(shoppers) && Number(shoppers) >= 1 && Number(shoppers) <= SHOPPERS_MAX;
  const isSpeed = Number(speed) >= 1 && Number(speed) <= SPEED_MAX;
  return (
    <Form
      label="Start a rehearsal"
      className="row"
      onSubmit={async () => {
        if (!isCount || !isSpeed) return;
        await start.run({
          parameters: { saleId: sale.id },
          body: { shoppers: Number(shoppers), speed: Number(speed), behaviour },
        });
      }}
    >
      <Field
        label="Simulated shoppers"
        type="number"
        required
        value={shoppers}
        onChange={setShoppers}
        fault={isCount ? null : "A whole number from 1 to 5,000."}
      />
      <Field
        label="Speed"
        type="number"
        required
        value={speed}
        onChange={setSpeed}
        fault={isSpeed ? null : "A number from 1 to 20."}
      />
      <Choice
        label="How they behave"
        value={behaviour}
        options={SALE_BEHAVIOURS.map((value) => ({ value, name: BEHAVIOUR_NAMES[value] }))}
        onChange={setBehaviour}
      />
      <Button type="submit" tone="primary" whyNot={barred} isBusy={start.isRunning}>
        Start the rehearsal
      </Button>
      {start.problem !== null && <Notice tone="bad">{sentenceOf(start.problem)}</Notice>}
    </Form>
  );
}
