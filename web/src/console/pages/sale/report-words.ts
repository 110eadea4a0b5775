// The checks of the report in words for people; docs/reference/report.md says what each looks at.
import type { ReportCheckName } from "@dropgate/contracts/report";

export const CHECK_NAMES: Readonly<Record<ReportCheckName, string>> = {
  "units-add-up": "Sold, held and free units are all that there are",
  "no-unit-twice": "No unit is in two hands",
  "holds-match-units": "Every unit and its hold say the same",
  "limit-per-shopper": "Nobody has more than the limit",
  "orders-match-holds": "Every order has its unit",
  "tickets-without-gaps": "Numbers in line have no gaps",
  "offers-in-ticket-order": "Nobody was skipped",
  "admission-rate": "Nobody was let in faster than the rate",
  "draw-recomputed": "The draw comes out the same again",
  "ledger-chain": "The ledger is whole",
  "ledger-replays": "Played again, the ledger leads to where things stand",
  "units-match-stock": "Units and stock say the same",
  "redis-agrees": "Redis says what PostgreSQL says",
};
