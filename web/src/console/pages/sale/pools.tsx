// The pools as bars: what is free, held and sold in each; evening them out, and adding or taking units.
import type { AdminSale } from "@dropgate/contracts/sale";
import { useState } from "react";
import { useChange } from "../../api/use-api.ts";
import { changeUnits } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import styles from "./pools.module.css";

export interface Pool {
  index: number;
  capacity: number;
  available: number;
  held: number;
  sold: number;
}

export function Pools({ sale, pools }: { sale: AdminSale; pools: readonly Pool[] }) {
  const { operator } = useSession();
  const rebalance = useChange("rebalancePools", ["getPools", "getAdminSale"]);
  const [asks, setAsks] = useState<"rebalance" | Pool | null>(null);
  const whyNot = changeUnits(operator.role, sale.phase);
  const free = pools.reduce((sum, { available }) => sum + available, 0);
  const widest = Math.max(1, ...pools.map(({ capacity }) => capacity));
  return (
    <Section
      title="Pools"
      actions={
        <Button
          size="small"
          whyNot={whyNot ?? (pools.length < 2 ? "There is one pool only." : null)}
          onPress={() => setAsks("rebalance")}
        >
          Rebalance
        </Button>
      }
    >
      <ul className={styles["key"]} aria-hidden="true">
        <li data-kind="available">free</li>
        <li data-kind="held">held</li>
        <li data-kind="sold">sold</li>
      </ul>
      <ol className={styles["pools"]}>
        {pools.map((pool) => (
          <li key={pool.index}>
            <span className={styles["name"]}>Pool {pool.index + 1}</span>
            <span className={styles["bar"]} aria-hidden="true">
              {(["sold", "held", "available"] as const).map((kind) => (
                <span key={kind} data-kind={kind} style={{ inlineSize: `${(100 * pool[kind]) / widest}%` }} />
              ))}
            </span>
            <span className={styles["figures"]}>
              {formats.number(pool.available)} free · {formats.number(pool.held)} held ·{" "}
              {formats.number(pool.sold)} sold
            </span>
            <Button
              size="small"
              tone="quiet"
              whyNot={whyNot}
              label={`Adjust pool ${pool.index + 1}`}
              onPress={() => setAsks(pool)}
            >
              Adjust
            </Button>
          </li>
        ))}
      </ol>
      <Confirm
        isOpen={asks === "rebalance"}
        onClose={() => setAsks(null)}
        onYes={async () => {
          const outcome = await rebalance.run({ parameters: { saleId: sale.id }, body: {} });
          if (outcome.ok) say("The free units are spread evenly.");
          return outcome;
        }}
        question={{
          title: "Spread the free units evenly?",
          text: `${formats.count(free, "free unit")} are spread over ${formats.count(pools.length, "pool")}. Held and sold ones stay where they are, and the sale goes on meanwhile.`,
          yes: "Rebalance",
        }}
      />
      {asks !== null && asks !== "rebalance" && (
        <Adjust sale={sale} pool={asks} onClose={() => setAsks(null)} />
      )}
    </Section>
  );
}

function Adjust({ sale, pool, onClose }: { sale: AdminSale; pool: Pool; onClose: () => void }) {
  const adjust = useChange("adjustPool", ["getPools", "getAdminSale", "listAdminSales"]);
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const delta = Number(text);
  const isWhole = /^[+-]?\d+$/.test(text.trim()) && delta !== 0;
  const fault =
    text === ""
      ? null
      : !isWhole
        ? "A whole number: 10 adds ten, -10 takes ten out."
        : -delta > pool.available
          ? `Only ${formats.number(pool.available)} are free.`
          : null;
  const will = !isWhole
    ? "Units are added to the pool, or free ones are taken out of it."
    : delta > 0
      ? `${formats.count(delta, "unit")} are added. They are offered to the next in line.`
      : `${formats.count(-delta, "free unit")} are taken out and not sold any more.`;
  return (
    <Confirm
      isOpen
      onClose={onClose}
      whyNot={text === "" ? "Say how many." : fault}
      onYes={async () => {
        const outcome = await adjust.run({
          parameters: { saleId: sale.id, index: String(pool.index) },
          body: { delta, ...(reason.trim() !== "" && { reason: reason.trim() }) },
        });
        if (outcome.ok) say(`Pool ${pool.index + 1} is adjusted.`);
        return outcome;
      }}
      question={{
        title: `Adjust pool ${pool.index + 1}`,
        text: will,
        yes: delta < 0 ? "Take them out" : "Add them",
        isDanger: delta < 0,
      }}
    >
      <Field label="Units, more or fewer" required value={text} onChange={setText} fault={fault} />
      <Field label="Reason" value={reason} onChange={setReason} hint="Stands in the audit." />
    </Confirm>
  );
}
