// Who answers which call: the routes, put together.
import type { Handlers } from "./edge/call.ts";
import { catalogueRoutes } from "./routes/admin-catalogue.ts";
import { entrySupportRoutes } from "./routes/admin-entries.ts";
import { inventoryRoutes } from "./routes/admin-inventory.ts";
import { adminKeyRoutes } from "./routes/admin-keys.ts";
import { adminSaleRoutes } from "./routes/admin-sales.ts";
import { warehouseRequestRoutes } from "./routes/admin-warehouse.ts";
import { webhookRoutes } from "./routes/admin-webhooks.ts";
import { availabilityRoutes } from "./routes/availability.ts";
import { drawRoutes } from "./routes/draw.ts";
import { entryRoutes } from "./routes/entries.ts";
import { holdRoutes } from "./routes/holds.ts";
import { keyRoutes } from "./routes/keys.ts";
import { linkRoutes } from "./routes/links.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { operationRoutes } from "./routes/operations.ts";
import { operatorRoutes } from "./routes/operators.ts";
import { poolRoutes } from "./routes/pools.ts";
import { reconciliationRoutes } from "./routes/reconciliations.ts";
import { rehearsalRoutes } from "./routes/rehearsals.ts";
import { reservationRoutes } from "./routes/reservations.ts";
import { saleRoutes } from "./routes/sales.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { themeRoutes } from "./routes/theme.ts";
import { wmsRoutes } from "./routes/wms.ts";
import type { Services } from "./services.ts";

export function makeHandlers(services: Services): Handlers {
  return {
    ...saleRoutes(services),
    ...entryRoutes(services),
    ...holdRoutes(services),
    ...drawRoutes(services),
    ...adminSaleRoutes(services),
    ...poolRoutes(services),
    ...entrySupportRoutes(services),
    ...rehearsalRoutes(services),
    ...catalogueRoutes(services),
    ...inventoryRoutes(services),
    ...reconciliationRoutes(services),
    ...reservationRoutes(services),
    ...warehouseRequestRoutes(services),
    ...wmsRoutes(services),
    ...availabilityRoutes(services),
    ...keyRoutes(services),
    ...adminKeyRoutes(services),
    ...webhookRoutes(services),
    ...sessionRoutes(services),
    ...operatorRoutes(services),
    ...themeRoutes(services),
    ...notificationRoutes(services),
    ...linkRoutes(services),
    ...operationRoutes(services),
  };
}
