// The views of the stock, each with an address of its own.
import { pathTo } from "../../routes/routes.ts";
import { Views } from "../../ui/page.tsx";

export function StockViews() {
  return (
    <Views
      name="Views of the inventory"
      views={[
        { name: "Levels", href: pathTo("inventory") },
        { name: "Corrections", href: pathTo("adjustments") },
        { name: "Transfers", href: pathTo("transfers") },
      ]}
    />
  );
}
