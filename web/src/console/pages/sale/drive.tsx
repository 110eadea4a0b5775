// The buttons that drive a sale. Pausing is one press and no question, because it is for when something goes wrong, and
// going on undoes it; closing is asked about twice, because nothing does.
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { useChange } from "../../api/use-api.ts";
import { actOnSale, openName, type SaleAct } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm, type Question } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { sayOutcome } from "../../ui/say-outcome.ts";
import { say } from "../../ui/status.tsx";
import styles from "./drive.module.css";

const SAID: Readonly<Record<SaleAct, string>> = {
  open: "Done: the sale is told to open.",
  draw: "The order is being drawn.",
  pause: "The sale is paused. Nobody new is let in; places and held units stay.",
  resume: "The sale goes on.",
  close: "The sale is closed.",
};

const MESSAGE_MAX = 500;

/** What is asked before it is done; pausing and resuming are not asked about. */
function questionOf(act: SaleAct, sale: AdminSale): Question | null {
  const waiting = formats.count(sale.queue.waiting, "shopper");
  switch (act) {
    case "open":
      return {
        title: `${openName(sale)}?`,
        text:
          openName(sale) === "Sell now"
            ? `The opening is brought forward to now: as soon as the order is drawn, ${waiting} are let in at ${formats.rate(sale.admission.ratePerSecond)} a second.`
            : "The lobby is opened now instead of at its time. Everybody with the address can join.",
        yes: openName(sale),
      };
    case "draw":
      return {
        title: "Draw the order now?",
        text: `The order of ${waiting} is drawn and published. It cannot be drawn again; who comes later stands behind them.`,
        yes: "Draw now",
      };
    case "close":
      return {
        title: `Close “${sale.title}”?`,
        text: `${waiting} lose their place, and ${formats.count(sale.units.free, "free unit")} stay unsold. Who holds one of ${formats.count(sale.units.held, "held unit")} can still pay until their time is up.`,
        yes: "Close the sale …",
        isDanger: true,
        second: {
          title: "Close it for good?",
          text: `A closed sale cannot be opened again. ${formats.count(sale.units.sold, "unit")} of ${formats.number(sale.quantity)} are sold. To stop for a while, pause it instead.`,
          yes: "Yes, close for good",
        },
      };
    case "pause":
    case "resume":
      return null;
  }
}

export function Drive({ sale }: { sale: AdminSale }) {
  const { operator } = useSession();
  const change = useChange("actOnSale", ["getAdminSale", "listAdminSales", "getSaleMetrics", "getPools"]);
  const [message, setMessage] = useState("");
  const [isTelling, setTelling] = useState(false);
  const [asked, setAsked] = useState<{ act: SaleAct; question: Question } | null>(null);
  const whyNot = (act: SaleAct) => actOnSale(operator.role, sale, act);

  async function run(act: SaleAct) {
    const body = act === "pause" && message.trim() !== "" ? { message: message.trim() } : {};
    const outcome = await change.run({ parameters: { saleId: sale.id, action: act }, body });
    if (outcome.ok) {
      setMessage("");
      say(SAID[act]);
    }
    return outcome;
  }
  function press(act: SaleAct): void {
    const question = questionOf(act, sale);
    if (question !== null) setAsked({ act, question });
    else void sayOutcome(run(act), null);
  }

  const isPaused = sale.phase === "paused";
  return (
    <div className={styles["drive"]}>
      <div className={styles["main"]}>
        {isPaused ? (
          <Button
            size="big"
            tone="primary"
            isBusy={change.isRunning}
            whyNot={whyNot("resume")}
            onPress={() => press("resume")}
          >
            Resume
          </Button>
        ) : (
          <Button
            size="big"
            tone={whyNot("pause") === null ? "primary" : "plain"}
            isBusy={change.isRunning}
            whyNot={whyNot("pause")}
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
        onClose={() => setTelling(false)}
        onYes={() => run("pause")}
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
      {asked !== null && (
        <Confirm
          isOpen
          question={asked.question}
          onClose={() => setAsked(null)}
          onYes={() => run(asked.act)}
        />
      )}
    </div>
  );
}
