// A new sale like this one: most sales are last week's with another date.
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { useLocation } from "wouter";
import { useChange } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { formats, fromLocalInput } from "../../ui/formats.ts";
import { say } from "../../ui/status.tsx";

export function CloneSale({ sale }: { sale: AdminSale }) {
  const { operator } = useSession();
  const [, navigate] = useLocation();
  const clone = useChange("cloneSale", ["listAdminSales"]);
  const [isOpen, setOpen] = useState(false);
  const [title, setTitle] = useState(sale.title);
  const [opensAt, setOpensAt] = useState("");
  const [askedAt, setAskedAt] = useState(0);
  const at = fromLocalInput(opensAt);
  const fault = opensAt !== "" && !(at > askedAt) ? "A time that lies ahead." : null;

  async function run() {
    const outcome = await clone.run({
      parameters: { saleId: sale.id },
      body: { title: title.trim(), ...(at > 0 && { schedule: { opensAt: new Date(at).toISOString() } }) },
    });
    if (outcome.ok) {
      say(`“${outcome.value.title}” is made. It opens ${formats.exact(outcome.value.schedule.opensAt)}.`);
      navigate(pathTo("saleSettings", { saleId: outcome.value.id }));
    }
    return outcome;
  }
  return (
    <>
      <Button
        whyNot={byRole(operator.role, "run")}
        onPress={() => {
          setAskedAt(Date.now());
          setOpen(true);
        }}
      >
        Clone
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onYes={run}
        whyNot={title.trim() === "" ? "It needs a title." : fault}
        question={{
          title: "Clone this sale?",
          text: `A new sale with ${formats.count(sale.quantity, "unit")} and the same settings is made. Lobby, draw and closing keep their distance from the opening. This one stays as it is.`,
          yes: "Make the clone",
        }}
      >
        <Field label="Title" required value={title} onChange={setTitle} />
        <Field
          label="Opens"
          type="datetime-local"
          value={opensAt}
          onChange={setOpensAt}
          fault={fault}
          hint="Left empty, it opens at the same time of day on the next day that lies ahead."
        />
      </Confirm>
    </>
  );
}
