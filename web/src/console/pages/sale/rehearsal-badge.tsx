// What is only a dry run must not be taken for a sale, wherever it is shown.
import { Badge } from "../../ui/stat.tsx";

export function RehearsalBadge() {
  return <Badge tone="warning">Rehearsal</Badge>;
}
