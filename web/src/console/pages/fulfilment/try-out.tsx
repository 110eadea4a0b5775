// An address and a basket, and from where it would ship: the plan, its score, and the runners-up with why they are.
// Nothing is held.
import type { Shipment } from "@dropgate/contracts/fulfilment";
import { type AnswerOf } from "../../api/call.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useChange } from "../../api/use-api.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { inWords } from "../../ui/words.ts";
import { PlacesMap } from "../locations/map.tsx";
import { useLocations } from "../locations/use-locations.ts";
import styles from "../sales/sale-form.module.css";
import { basketOf } from "./basket.ts";
import own from "./try-out.module.css";

const SPEEDS = ["standard", "expedited", "next_day", "same_day"] as const;

export default function TryOut() {
  const url = useUrlState();
  const change = useChange("planFulfilment");
  const read = (name: string, first = ""): string => url.read(name) || first;
  const field = (name: string, first = "") => ({
    value: read(name, first),
    onChange: (text: string) => url.write(name, text),
  });
  const speed = SPEEDS.find((each) => each === url.read("speed")) ?? "standard";
  const weight = read("weight", "50");
  async function submit(): Promise<void> {
    const postalCode = url.read("postal");
    const region = url.read("region");
    await change.run({
      body: {
        orderId: "try-out",
        items: basketOf(url.read("basket")),
        shipTo: {
          country: url.read("country").toUpperCase(),
          ...(postalCode !== "" && { postalCode }),
          ...(region !== "" && { region }),
        },
        shippingSpeed: speed,
        costWeight: Number(weight) / 100,
        preferSingleShipment: url.read("single") === "yes",
        allowBackorder: url.read("wait") === "yes",
      },
    });
  }
  const yesOrNo = [
    { value: "", name: "No" },
    { value: "yes", name: "Yes" },
  ];
  return (
    <Page title="Fulfilment try-out">
      <div className={own["desk"]}>
        <Form label="Address and basket" className={styles["group"]} onSubmit={submit}>
          <Field
            label="Basket"
            required
            rows={3}
            {...field("basket")}
            hint="A SKU on each line, with its number of units: SHOE-42 2."
          />
          <Field label="Country" required {...field("country")} hint="Two letters, as US or DE." />
          <Field label="Postal code" {...field("postal")} />
          <Field label="Region" {...field("region")} />
          <Choice
            label="Speed"
            value={speed}
            options={SPEEDS.map((value) => ({ value, name: inWords(value) }))}
            onChange={(value) => url.write("speed", value)}
          />
          <Field
            label="Cost against speed"
            type="number"
            required
            min={0}
            max={100}
            unit="%"
            {...field("weight", "50")}
            hint="0: only speed counts. 100: only cost."
          />
          <Choice label="Rather one shipment" options={yesOrNo} {...field("single")} />
          <Choice label="May wait for stock" options={yesOrNo} {...field("wait")} />
          <Button type="submit" tone="primary" isBusy={change.isRunning}>
            Show the plan
          </Button>
        </Form>
        <div className="stack">
          {change.problem !== null && <Notice tone="bad">{sentenceOf(change.problem)}</Notice>}
          {change.answer === undefined ? (
            <Notice tone="plain">
              Give an address and a basket to see from where it would ship, and why. Nothing is held.
            </Notice>
          ) : (
            <Plan plan={change.answer.plan} />
          )}
        </div>
      </div>
    </Page>
  );
}

type PlanAnswer = AnswerOf<"planFulfilment">["plan"];

function Plan({ plan }: { plan: PlanAnswer }) {
  const places = useLocations();
  const chosen = new Set(plan.shipments.map(({ locationId }) => locationId));
  const runners = new Set(
    plan.alternatives.flatMap(({ shipments }) => shipments.map(({ locationId }) => locationId)),
  );
  const toneOf = (id: string) => (chosen.has(id) ? "chosen" : runners.has(id) ? "plain" : "faint");
  return (
    <>
      <Section title="The plan">
        <Card>
          <Shipping shipments={plan.shipments} parts={plan.parts} score={plan.score} cost={plan.totalCost} />
          {plan.backorders.length > 0 && (
            <Notice tone="warning">
              Waits for stock: {plan.backorders.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(", ")}
              .
            </Notice>
          )}
        </Card>
        <PlacesMap
          name="Where it ships from: large marks ship, blue ones were weighed, grey ones were not"
          places={places.map(({ id, name, coordinates }) => ({
            id,
            name,
            at: coordinates,
            tone: toneOf(id),
          }))}
        />
      </Section>
      <Section title="Runners-up">
        {plan.alternatives.length === 0 && <p className="soft">Nothing else was possible.</p>}
        {plan.alternatives.map((each) => (
          <Card key={each.shipments.map(({ locationId, method }) => `${locationId} ${method}`).join()}>
            <p>
              <Badge>{inWords(each.reason)}</Badge>
            </p>
            <Shipping
              shipments={each.shipments}
              parts={each.parts}
              score={each.score}
              cost={each.totalCost}
            />
          </Card>
        ))}
      </Section>
    </>
  );
}

function Shipping({
  shipments,
  parts,
  score,
  cost,
}: {
  shipments: readonly Shipment[];
  parts: PlanAnswer["parts"];
  score: number;
  cost: PlanAnswer["totalCost"];
}) {
  const partsText = Object.entries(parts)
    .map(([name, value]) => `${inWords(name)} ${Math.round(value)}`)
    .join(" · ");
  return (
    <Facts
      facts={[
        ...shipments.map(
          ({ locationId, lines, method, cost: each, estimatedDelivery }) =>
            [
              locationId,
              `${lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(", ")} by ${inWords(method).toLowerCase()}, ${formats.money(each)}, there by ${formats.moment(estimatedDelivery)}`,
            ] as const,
        ),
        ["Cost", formats.money(cost)],
        ["Score", `${Math.round(score)} of 100: ${partsText}`],
      ]}
    />
  );
}
