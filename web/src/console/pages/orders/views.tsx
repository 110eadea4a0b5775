// The views of the orders, each with an address of its own.
import { pathTo } from "../../routes/routes.ts";
import { Views } from "../../ui/page.tsx";

export function OrderViews() {
  return (
    <Views
      name="Views of the orders"
      views={[
        { name: "Orders", href: pathTo("orders") },
        { name: "Back-orders", href: pathTo("backorders") },
      ]}
    />
  );
}
