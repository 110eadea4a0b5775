// What a sale is made of, and changing what of it may still change. What has passed stays, and says so.
import type { AdminSale } from "@dropgate/contracts/sale";
import { PHASES, type Phase } from "@dropgate/contracts/states/phase";
import { useState } from "react";
import type { Trouble } from "../../api/call.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useChange } from "../../api/use-api.ts";
import { changeSale, PHASE_NAMES, type WhyNot } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say } from "../../ui/status.tsx";
import { type Draft, draftOf, faultsOfChange, patchOf } from "../sales/draft.ts";
import { FIELD_NAMES, meetDrafts } from "../sales/draft-merge.ts";
import { PaceFields, ProductFields, ScheduleFields } from "../sales/sale-fields.tsx";
import styles from "../sales/sale-form.module.css";
import { SaleMeaning } from "../sales/sale-meaning.tsx";
import { useDraft } from "../sales/use-draft.ts";

import { CloneSale } from "./clone-sale.tsx";
import { SalePage } from "./sale-page.tsx";

const actionsOf = (sale: AdminSale) => (
  <>
    <ButtonLink href={pathTo("theme", {}, { sale: sale.id })}>Theme</ButtonLink>
    <CloneSale key={sale.id} sale={sale} />
  </>
);

export default function Settings() {
  return <SalePage actions={actionsOf}>{(sale) => <SettingsForm key={sale.id} sale={sale} />}</SalePage>;
}

/** From which phase on a moment has passed; as the server judges it. */
const PASSED_FROM: Readonly<Partial<Record<keyof Draft, Phase>>> = {
  lobbyAt: "lobby",
  drawAt: "drawing",
  opensAt: "live",
  closesAt: "closed",
};

function SettingsForm({ sale }: { sale: AdminSale }) {
  const { operator } = useSession();
  const change = useChange("patchSale", ["getAdminSale", "listAdminSales", "getPools"]);
  const [before, setBefore] = useState(() => draftOf(sale));
  const { draft, faults, set, replace, refused } = useDraft(() => before);
  const theirs = draftOf(sale);
  const [seen, setSeen] = useState(() => JSON.stringify(theirs));
  const [both, setBoth] = useState<readonly (keyof Draft)[] | null>(null);
  if (JSON.stringify(theirs) !== seen) {
    setSeen(JSON.stringify(theirs));
    const met = meetDrafts(before, draft, theirs);
    const isTyping = Object.keys(patchOf(before, draft)).length > 0;
    setBoth(isTyping ? met.both : null);
    setBefore(theirs);
    replace(met.draft);
  }
  const [problem, setProblem] = useState<Trouble | null>(null);
  const barred = changeSale(operator.role, sale.phase);
  const patch = patchOf(before, draft);
  const changed = Object.keys(patch).length;
  const shown = faultsOfChange(before, draft, faults);
  const isFaulty = Object.keys(shown).length > 0;

  function whyNot(field: keyof Draft): WhyNot {
    if (barred !== null) return barred;
    if (field === "sku") return "What is sold stays the same; clone the sale to sell something else.";
    const from = PASSED_FROM[field];
    if (from === undefined || PHASES.indexOf(sale.phase) < PHASES.indexOf(from)) return null;
    return `It has passed: the sale is ${PHASE_NAMES[sale.phase].toLowerCase()}.`;
  }
  async function submit(): Promise<void> {
    if (changed === 0 || isFaulty) return;
    const outcome = await change.run({ parameters: { saleId: sale.id }, body: patch });
    if (!outcome.ok) {
      setProblem(outcome.problem);
      refused(outcome.problem);
      return;
    }
    setProblem(null);
    setBefore(draft);
    setBoth(null);
    say("The sale is changed, and everybody on its page sees it.");
  }

  const fields = { draft, faults: shown, set, whyNot };
  return (
    <Form className={styles["form"]} onSubmit={submit} label="Settings of the sale">
      <div className={styles["fields"]}>
        <ProductFields {...fields} isNew={false} />
        <ScheduleFields {...fields} />
        <PaceFields {...fields} isNew={false} />
      </div>
      <div className="stack">
        <SaleMeaning draft={draft} faults={shown} />
        {both !== null && (
          <Notice tone="warning">
            The sale has changed while you were typing. What you have not touched is as it is now, and only
            what you change is sent.
            {both.length > 0 &&
              ` Changed elsewhere as well: ${both.map((field) => FIELD_NAMES[field] ?? field).join(", ")}. Saving replaces that.`}
          </Notice>
        )}
        {problem !== null && <Notice tone="bad">{sentenceOf(problem)}</Notice>}
        <div className="row">
          <Button
            type="submit"
            tone="primary"
            isBusy={change.isRunning}
            whyNot={barred ?? (changed === 0 && !isFaulty ? "Nothing is changed yet." : null)}
            showWhyNot
          >
            Save the changes
          </Button>
        </div>
      </div>
    </Form>
  );
}
