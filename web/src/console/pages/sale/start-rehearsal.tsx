// The form that starts a rehearsal: how many come, how quickly it is played, and what kind of people they are.
import { SALE_BEHAVIOURS, type SaleBehaviour } from "@dropgate/contracts/rehearsal-behaviour";
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { useChange } from "../../api/use-api.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { BEHAVIOUR_NAMES } from "./rehearsal-words.ts";

const SHOPPERS_MAX = 5_000;
const SPEED_MAX = 20;

/** @param barred why this operator may start none */
export function StartRehearsal({ sale, barred }: { sale: AdminSale; barred: string | null }) {
  const url = useUrlState();
  const start = useChange("startRehearsal", ["getRehearsal", "listAdminSales"]);
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
        if (barred !== null || !isCount || !isSpeed) return;
        const outcome = await start.run({
          parameters: { saleId: sale.id },
          body: { shoppers: Number(shoppers), speed: Number(speed), behaviour },
        });
        // What is shown now is the new one.
        if (outcome.ok) url.write("run", "");
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
      <Button type="submit" tone="primary" whyNot={barred} showWhyNot isBusy={start.isRunning}>
        Start the rehearsal
      </Button>
      {start.problem !== null && <Notice tone="bad">{sentenceOf(start.problem)}</Notice>}
    </Form>
  );
}
