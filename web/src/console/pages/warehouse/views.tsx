// What warehouses told and what they are asked, each with an address of its own.
import { pathTo } from "../../routes/routes.ts";
import { Views } from "../../ui/page.tsx";

export function WarehouseViews() {
  return (
    <Views
      name="Views of the warehouses"
      views={[
        { name: "Told by warehouses", href: pathTo("inbox") },
        { name: "Asked of warehouses", href: pathTo("outbox") },
      ]}
    />
  );
}
