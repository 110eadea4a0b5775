// Making a sale, in a minute: everything but the title and the SKU has a default that would do.
import { useState } from "react";
import { useLocation } from "wouter";
import type { Trouble } from "../../api/call.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useChange } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { bodyOf, newDraft } from "./draft.ts";
import { PaceFields, ProductFields, ScheduleFields } from "./sale-fields.tsx";
import styles from "./sale-form.module.css";
import { SaleMeaning } from "./sale-meaning.tsx";
import { useDraft } from "./use-draft.ts";

export default function NewSale() {
  const { operator } = useSession();
  const [, navigate] = useLocation();
  const create = useChange("createSale", ["listAdminSales"]);
  const { draft, faults, isFaulty, set, refused } = useDraft(() => newDraft(Date.now()));
  const [problem, setProblem] = useState<Trouble | null>(null);

  async function submit(): Promise<void> {
    if (isFaulty) return;
    const outcome = await create.run({ body: bodyOf(draft) });
    if (!outcome.ok) {
      setProblem(outcome.problem);
      refused(outcome.problem);
      return;
    }
    say(`“${outcome.value.title}” is made.`);
    navigate(pathTo("sale", { saleId: outcome.value.id }));
  }

  return (
    <Page title="New sale" above={{ name: "Sales", href: pathTo("sales") }}>
      <Form className={styles["form"]} onSubmit={submit} label="New sale">
        <div className={styles["fields"]}>
          <ProductFields {...{ draft, faults, set }} isNew />
          <ScheduleFields {...{ draft, faults, set }} />
          <PaceFields {...{ draft, faults, set }} isNew />
        </div>
        <div className="stack">
          <SaleMeaning draft={draft} faults={faults} />
          {problem !== null && <Notice tone="bad">{sentenceOf(problem)}</Notice>}
          <div className="row">
            <Button
              type="submit"
              tone="primary"
              isBusy={create.isRunning}
              whyNot={byRole(operator.role, "run")}
              showWhyNot
            >
              Create the sale
            </Button>
            <ButtonLink href={pathTo("sales")}>Cancel</ButtonLink>
          </div>
        </div>
      </Form>
    </Page>
  );
}
