// First offers go out in order of the tickets: nobody was offered a unit before a lower ticket that was still
// waiting. Who had left, or was at the limit, by then was passed over rightly; who missed an offer and came
// back is offered out of turn by design, so only an entry's first offer counts; and none after an operator has given it
// its place back.
import { Evidence } from "./evidence.ts";
import { readHorizon } from "./ledger-rows.ts";
import { type Look, pages, type Verdict } from "./look.ts";

/** Two look-ups in the ledger for each ticket: smaller pages than elsewhere. */
const PAGE_TICKETS = 1_000;

type Ticket = {
  ticket: number;
  entryId: string;
  /** Still waiting although `serving` has gone past. */
  passed: boolean;
  /** The first offer: its ledger row, transaction and time in seconds. Null while there is none. */
  offerId: number | null;
  offerTx: string | null;
  offeredAt: number | null;
  /** When it left or was found at the limit, seconds. */
  goneAt: number | null;
  goneTx: string | null;
};

export async function offersInTicketOrder(look: Look): Promise<Verdict> {
  const { tx, sale } = look;
  const horizon = await readHorizon(look);
  const read = async (after: number): Promise<Ticket[]> =>
    (
      await tx.query<Ticket>(
        `SELECT t.ticket, t.entry_id AS "entryId", o.id AS "offerId", o.tx::text AS "offerTx",
           extract(epoch FROM o.at)::float8 AS "offeredAt", extract(epoch FROM g.at)::float8 AS "goneAt",
           g.tx::text AS "goneTx",
           e.state = 'waiting' AND e.rejoined_at IS NULL AND t.ticket <= s.serving AS passed
         FROM tickets t JOIN sales s ON s.id = t.sale_id JOIN entries e ON e.entry_id = t.entry_id
         LEFT JOIN LATERAL (
           SELECT id, tx, at FROM ledger l
           WHERE l.entry_id = t.entry_id AND l.act = 'offered' AND l.tx < $4::xid8 AND NOT EXISTS (
             SELECT 1 FROM ledger r
             WHERE r.entry_id = t.entry_id AND r.act = 'entry.restored' AND r.id < l.id)
           ORDER BY id LIMIT 1) o ON true
         LEFT JOIN LATERAL (
           SELECT tx, at FROM ledger l
           WHERE l.entry_id = t.entry_id AND l.act IN ('entry.left', 'entry.limit') ORDER BY id LIMIT 1) g ON true
         WHERE t.sale_id = $1 AND t.ticket > $2 ORDER BY t.ticket LIMIT $3`,
        [sale.id, after, PAGE_TICKETS, horizon.tx],
      )
    ).rows;

  const evidence = new Evidence();
  const line = new Line();
  for await (const page of pages(0, (row: Ticket) => row.ticket, read)) {
    for (const ticket of page) for (const fault of line.next(ticket)) evidence.found(fault);
  }
  return evidence.verdict(
    `${line.offered} first offers in order, ${line.skipped} passed over after they had gone`,
  );
}

/** Walks along the tickets; remembers the last offer and who was passed over since. */
class Line {
  offered = 0;
  skipped = 0;
  private last: Ticket | null = null;
  /** Not offered since the last offer: the one who went latest, and the first who has not gone at all. */
  private latestGone: Ticket | null = null;
  private waiting: Ticket | null = null;

  next(ticket: Ticket): string[] {
    if (ticket.offerId === null) return this.passOver(ticket);
    const faults: string[] = [];
    if (this.last !== null && (this.last.offerId ?? 0) > ticket.offerId) {
      faults.push(
        `ticket ${this.last.ticket} was offered after ticket ${ticket.ticket} (ledger rows ${this.last.offerId} and ${ticket.offerId})`,
      );
    }
    if (this.waiting !== null) {
      faults.push(
        `ticket ${ticket.ticket} was offered while ticket ${this.waiting.ticket} (entry ${this.waiting.entryId}) waited`,
      );
    } else if (this.latestGone !== null && !wentBefore(this.latestGone, ticket)) {
      faults.push(
        `ticket ${ticket.ticket} was offered before ticket ${this.latestGone.ticket} (entry ${this.latestGone.entryId}) left`,
      );
    }
    this.last = ticket;
    this.offered++;
    this.latestGone = null;
    this.waiting = null;
    return faults;
  }

  private passOver(ticket: Ticket): string[] {
    if (ticket.goneAt === null) {
      this.waiting ??= ticket;
      return ticket.passed
        ? [`serving went past ticket ${ticket.ticket} (entry ${ticket.entryId}), which still waits`]
        : [];
    }
    this.skipped++;
    if (this.latestGone === null || (this.latestGone.goneAt ?? 0) < ticket.goneAt) this.latestGone = ticket;
    return [];
  }
}

/**
 * By the time in the rows, not by transaction: a tick may have begun before a leave that it then saw. Within
 * the tick's own transaction the order of the rows says nothing.
 */
function wentBefore(gone: Ticket, offer: Ticket): boolean {
  return gone.goneTx === offer.offerTx || (gone.goneAt ?? Infinity) <= (offer.offeredAt ?? 0);
}
