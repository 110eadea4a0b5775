// Everything that was done in a sale, the newest first, with who did it.

import { SaleLedger } from "./sale-ledger.tsx";
import { SalePage } from "./sale-page.tsx";

export default function SaleAudit() {
  return <SalePage>{(sale) => <SaleLedger saleId={sale.id} />}</SalePage>;
}
