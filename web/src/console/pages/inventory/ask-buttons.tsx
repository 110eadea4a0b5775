// The buttons that open what can be asked of the stock.
import { type ComponentType, useState } from "react";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { AnnounceDelivery, AskCorrection, AskCount, type AskProps, AskTransfer } from "./ask.tsx";

const ASKS = {
  correction: { name: "Correct stock", Ask: AskCorrection },
  count: { name: "Have it counted", Ask: AskCount },
  transfer: { name: "Transfer", Ask: AskTransfer },
  delivery: { name: "Announce a delivery", Ask: AnnounceDelivery },
} as const satisfies Record<string, { name: string; Ask: ComponentType<AskProps> }>;
export type AskName = keyof typeof ASKS;

export function AskButtons({
  asks,
  sku,
  locationId,
}: {
  asks: readonly AskName[];
  sku?: string;
  locationId?: string;
}) {
  const { operator } = useSession();
  const [open, setOpen] = useState<AskName | null>(null);
  const Ask = open === null ? null : ASKS[open].Ask;
  return (
    <>
      {asks.map((each) => (
        <Button key={each} whyNot={byRole(operator.role, "run")} onPress={() => setOpen(each)}>
          {ASKS[each].name}
        </Button>
      ))}
      {Ask !== null && (
        <Ask
          {...(sku !== undefined && { sku })}
          {...(locationId !== undefined && { locationId })}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
