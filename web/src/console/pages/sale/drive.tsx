// The buttons that drive a sale. Pausing is one press and no question, because it is for when something goes wrong, and
// going on undoes it; closing is asked about twice, because nothing does.
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { useChange } from "../../api/use-api.ts";
import { actOnSale, openName, type SaleAct } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { sayOutcome } from "../../ui/say-outcome.ts";
import { say } from "../../ui/status.tsx";
import { useSettled } from "../../ui/use-settled.ts";
import styles from "./drive.module.css";
import { type Asked, askedNow, questionOf } from "./drive-questions.ts";

const SAID: Readonly<Record<SaleAct, string>> = {
  open: "Done: the sale is told to open.",
  draw: "The order is being drawn.",
  pause: "The sale is paused. Nobody new is let in; places and held units stay.",
  resume: "The sale goes on.",
  close: "The sale is closed.",
};

const MESSAGE_MAX = 500;

/** So long after a pause or its end the big button takes no press: it was meant for the one that stood in its place. */
const SETTLES_MS = 1_500;

export function Drive({ sale }: { sale: AdminSale }) {
  const { operator } = useSession();
  const change = useChange("actOnSale", ["getAdminSale", "listAdminSales", "getSaleMetrics", "getPools"]);
  const [message, setMessage] = useState("");
  const [isTelling, setTelling] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const whyNot = (act: SaleAct) => actOnSale(operator.role, sale, act);

  const isPaused = sale.phase === "paused";
  const isSettled = useSettled(isPaused, SETTLES_MS);
  const unsettled = isPaused ? "It has been paused just now." : "It goes on again just now.";

  /** @param told the message that a pause comes with */
  async function run(act: SaleAct, told = "") {
    const body = told === "" ? {} : { message: told };
    const outcome = await change.run({ parameters: { saleId: sale.id, action: act }, body });
    if (outcome.ok) say(SAID[act]);
    return outcome;
  }
  function press(act: SaleAct): void {
    const question = questionOf(act, sale);
    if (question !== null) setAsked({ act, question });
    else void sayOutcome(run(act), null);
  }

  // What its own yes does to the sale is no reason to bar it.
  const shown =
    asked === null
      ? null
      : change.isRunning
        ? { question: asked.question, whyNot: null }
        : askedNow(asked, sale, whyNot(asked.act));
  return (
    <div className={styles["drive"]}>
      <div className={styles["main"]}>
        {isPaused ? (
          <Button
            size="big"
            tone="primary"
            isBusy={change.isRunning}
            whyNot={whyNot("resume") ?? (isSettled ? null : unsettled)}
            onPress={() => press("resume")}
          >
            Resume
          </Button>
        ) : (
          <Button
            size="big"
            tone={whyNot("pause") === null ? "primary" : "plain"}
            isBusy={change.isRunning}
            whyNot={whyNot("pause") ?? (isSettled ? null : unsettled)}
            onPress={() => press("pause")}
          >
            Pause
          </Button>
        )}
        {sale.phase === "live" && (
          <Button whyNot={whyNot("pause")} onPress={() => setTelling(true)}>
            Pause with a message …
          </Button>
        )}
      </div>
      <div className={styles["others"]}>
        {(["open", "draw"] as const).map((act) => (
          <Button key={act} whyNot={whyNot(act)} onPress={() => press(act)}>
            {act === "open" ? openName(sale) : "Draw now"}
          </Button>
        ))}
        <Button tone="danger" whyNot={whyNot("close")} onPress={() => press("close")}>
          Close
        </Button>
      </div>
      <Confirm
        isOpen={isTelling}
        onClose={() => {
          setTelling(false);
          // A message that was not sent is not said by the next pause.
          setMessage("");
        }}
        onYes={() => run("pause", message.trim())}
        whyNot={message.length > MESSAGE_MAX ? `At most ${MESSAGE_MAX} characters.` : null}
        question={{
          title: "Pause with a message",
          text: `Nobody new is let in until you resume. ${formats.count(sale.queue.waiting, "shopper")} keep their place, and who holds a unit can still pay.`,
          yes: "Pause now",
        }}
      >
        <Field
          label="Message to shoppers"
          rows={2}
          value={message}
          onChange={setMessage}
          hint="Stands on every shopper's page until the sale is resumed."
          fault={message.length > MESSAGE_MAX ? `At most ${MESSAGE_MAX} characters.` : null}
        />
      </Confirm>
      {asked !== null && shown !== null && (
        <Confirm isOpen {...shown} onClose={() => setAsked(null)} onYes={() => run(asked.act)} />
      )}
    </div>
  );
}
