// The sales that are on, in the top bar of every page: nobody should have to look for the live one.
import { Link } from "wouter";
import { useRead } from "../api/use-api.ts";
import { PHASE_NAMES } from "../may/may.ts";
import { pathTo } from "../routes/routes.ts";
import styles from "./frame.module.css";

const EVERY_MS = 5_000;
/** More than so many at once are in the list. */
const LOOKED_AT = 50;
const REHEARSALS_LOOKED_AT = 20;
const SHOWN = 3;

export function OnNow() {
  const real = useRead("listAdminSales", { query: { limit: LOOKED_AT, phase: "on" } }, { everyMs: EVERY_MS });
  // Asked for apart: however many there are, they take no real sale's room.
  const all = useRead(
    "listAdminSales",
    { query: { limit: REHEARSALS_LOOKED_AT, rehearsals: "with", phase: "on" } },
    { everyMs: 2 * EVERY_MS },
  );
  const rehearsals = (all.value?.items ?? []).filter(({ rehearsal }) => rehearsal === true);
  const on = [...(real.value?.items ?? []), ...rehearsals];
  return (
    <ul className={styles["on"]} aria-label="Sales that are on">
      {on.slice(0, SHOWN).map(({ id, title, phase, rehearsal = false }) => (
        <li key={id}>
          <Link href={pathTo("sale", { saleId: id })} data-phase={rehearsal ? "rehearsal" : phase}>
            <strong>
              {rehearsal ? `Rehearsal, ${PHASE_NAMES[phase].toLowerCase()}` : PHASE_NAMES[phase]}
            </strong>{" "}
            <span>{title}</span>
          </Link>
        </li>
      ))}
      {on.length > SHOWN && (
        <li>
          <Link href={pathTo("sales", {}, { phase: "on", rehearsals: "with" })}>
            {on.length - SHOWN} more
          </Link>
        </li>
      )}
    </ul>
  );
}
