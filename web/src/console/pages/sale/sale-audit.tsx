// Everything that was done in a sale, from its first transaction on, with who did it.

import { SaleLedger } from "./sale-ledger.tsx";
import { SalePage } from "./sale-page.tsx";

export default function SaleAudit() {
  return <SalePage>{(sale) => <SaleLedger saleId={sale.id} />}</SalePage>;
}
