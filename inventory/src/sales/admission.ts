// The rate of admission, live: from the next tick on.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Admission } from "@dropgate/contracts/sale";
import type { Statements } from "@dropgate/sql";
import { lockSaleRow } from "@dropgate/sql/sales/lock-sale";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { updateAdmission } from "@dropgate/sql/sales/update-sale";

export async function putAdmissionIn(
  tx: Statements,
  saleId: string,
  admission: Admission,
  actor = "operator",
): Promise<Outcome<SaleRow>> {
  const sale = await lockSaleRow(tx, saleId);
  if (sale === null) return refuse("SALE_NOT_FOUND");
  if (sale.phase === "closed") return refuse("WRONG_STATE", { detail: "The sale is closed." });
  if (sale.ratePerSecond === admission.ratePerSecond && sale.burst === admission.burst) {
    return { ok: true, value: sale };
  }
  return { ok: true, value: await updateAdmission(tx, saleId, admission, actor) };
}
