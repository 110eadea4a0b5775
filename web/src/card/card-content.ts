// What the one card says in each state: a headline, a figure, a few lines, one action. Pure, so that a table of all
// states proves that none is without words, and the component that draws it has no opinion.

import { timeOf } from "@dropgate/client/room/room-state";
import type { Snapshot } from "@dropgate/client/room/room-store";
import type { Standing } from "@dropgate/client/room/standing";
import type { RoomTheme } from "@dropgate/contracts/theme";
import { oddsOf, takingOf } from "../line/odds.ts";
import type { Telling } from "../telling/telling.ts";
import type { Texts } from "../texts/texts.ts";

export type Tone = "calm" | "turn" | "held" | "amber" | "red" | "done";
export type ActionName =
  | "join"
  | "leave"
  | "claim"
  | "letPass"
  | "checkout"
  | "giveBack"
  | "rejoin"
  | "calendar"
  | "notify"
  /** Not a button: says that it will be told. */
  | "told"
  /** Switches. */
  | "sound"
  | "returns"
  | "checkDraw";

export interface Action {
  name: ActionName;
  label: string;
  /** Of a switch. */
  isOn?: boolean;
}

export interface CardContent {
  kind: Standing["kind"];
  tone: Tone;
  headline: string;
  figure: { text: string; label: string; isTimer: boolean };
  /** 0…1, and what it measures. */
  bar: { share: number; label: string } | null;
  lines: string[];
  /** The operator's own words. */
  message: string | null;
  /** What belongs to it, in rows. */
  facts: { label: string; text: string }[];
  /** The number drawn, where it is not the figure. */
  ticket: number | null;
  /** The one action; `others` are quieter. */
  primary: Action | null;
  others: Action[];
}

export const HELD_AMBER_MS = 120_000;
export const HELD_RED_MS = 30_000;

/** @param theme what the operator says in their own words; a sale's message counts for more */
export function cardContent(
  snapshot: Snapshot,
  texts: Texts,
  telling: Telling,
  theme: RoomTheme = {},
): CardContent {
  const card = contentOf(snapshot, texts, telling, theme);
  const { sale, entry } = snapshot.room;
  if (sale?.rehearsal !== true || entry !== null) return card;
  // Only simulated shoppers are let in: whoever looks on is asked for nothing, and told why.
  const mayBePressed = (action: Action | null) => action?.name === "checkDraw";
  return {
    ...card,
    lines: [texts.refusal("REHEARSAL_ONLY")],
    primary: mayBePressed(card.primary) ? card.primary : null,
    others: card.others.filter(mayBePressed),
  };
}

function contentOf(
  { room, moment }: Snapshot,
  texts: Texts,
  telling: Telling,
  theme: RoomTheme,
): CardContent {
  const { standing, line, serverNow } = moment;
  const { formats: f, headlines, figures, lines, actions } = texts;
  const { sale } = room;
  const crowd = room.serving?.waiting ?? 0;
  const quantity = sale?.quantity ?? 0;
  const message = sale?.message ?? wordsFor(standing.kind, theme) ?? null;

  const left = (until: number) => (serverNow === null ? "–:––" : f.countdown(until - serverNow));
  const clockTime = (at: number) => (at === 0 ? "–:––" : f.clock(at));
  const dayTime = (at: number) => f.moment(at, serverNow ?? at);
  const action = (name: ActionName, label: string): Action => ({ name, label });
  // Who has nothing to do but wait can at least be told.
  const sound = { ...action("sound", actions.sound), isOn: telling.sound };
  const whoWaits = (quiet: Action): Partial<CardContent> => ({
    primary: telling.notifying === "possible" ? action("notify", actions.notify) : null,
    others: telling.notifying === "on" ? [action("told", actions.told), sound, quiet] : [sound, quiet],
  });
  // Units that come back are news for who waits, and for who only looks on.
  const returns =
    telling.notifying === "impossible"
      ? []
      : [{ ...action("returns", actions.notifyReturns), isOn: telling.returns }];
  const leave = action("leave", actions.leave);
  const checkDraw = action("checkDraw", actions.checkDraw);
  const isRush = sale?.kind === "rush";
  const join = action("join", isRush ? actions.attempt : actions.join);
  const joinAgain = (may: boolean) =>
    may ? action("join", isRush ? actions.attempt : actions.joinAgain) : null;
  const count = (value: number, label: (count: number) => string) => ({
    text: f.number(value),
    label: label(value),
    isTimer: false,
  });
  const ticketOr = (ticket: number | null, label: string) =>
    ticket === null ? count(quantity, figures.units) : { text: f.number(ticket), label, isTimer: false };

  function card(
    headline: string,
    figure: CardContent["figure"],
    says: string[],
    more: Partial<CardContent> = {},
  ): CardContent {
    return {
      kind: standing.kind,
      tone: "calm",
      headline,
      figure,
      bar: null,
      lines: says,
      message,
      facts: [],
      ticket: null,
      primary: null,
      others: [],
      ...more,
    };
  }
  const timer = (until: number, label: string) => ({ text: left(until), label, isTimer: true });

  switch (standing.kind) {
    case "loading":
    case "unknown":
      return card(headlines.loading, { text: "–", label: "", isTimer: false }, []);
    case "scheduled":
      return card(
        headlines.scheduled,
        isRush
          ? timer(timeOf(sale?.schedule.opensAt), figures.untilOpen)
          : timer(timeOf(sale?.schedule.lobbyAt), figures.untilLobby),
        [isRush ? lines.rush : lines.beforeDraw],
        {
          facts: isRush ? [] : timetable(true),
          primary: action("calendar", actions.calendar),
        },
      );
    case "lobby": {
      const figure = timer(timeOf(sale?.schedule.drawAt), figures.untilDraw);
      const says = [lines.lobby(crowd)];
      const facts = timetable(false);
      return standing.hasJoined
        ? card(headlines.lobbyJoined, figure, says, {
            facts,
            ...whoWaits(action("leave", actions.leaveLobby)),
          })
        : card(headlines.lobby, figure, says, { facts, primary: action("join", actions.joinLobby) });
    }
    case "drawing": {
      const figure = count(crowd, figures.inDraw);
      const facts = timetable(false);
      return standing.hasJoined
        ? card(headlines.drawing, figure, [lines.drawing], { facts })
        : card(headlines.drawing, figure, [lines.drawingWatch], { facts, primary: join });
    }
    case "drawn": {
      const begins = timeOf(sale?.schedule.opensAt);
      const isAhead = serverNow !== null && begins > serverNow;
      return card(
        headlines.drawn,
        ticketOr(line?.position ?? standing.ticket, figures.place),
        [isAhead ? lines.drawnIn(left(begins)) : lines.drawnSoon, ...oddsLines(standing.ticket)],
        { ticket: standing.ticket, ...whoWaits(leave) },
      );
    }
    case "open":
      if (isRush) {
        const headline = standing.isSoldOut ? headlines.openSoldOut : headlines.open;
        return card(headline, count(quantity, figures.units), [lines.rush], { primary: join });
      }
      return standing.isSoldOut
        ? card(headlines.openSoldOut, count(crowd, figures.inLine), [lines.openSoldOut], {
            primary: join,
            others: returns,
          })
        : card(headlines.open, count(crowd, figures.inLine), [lines.open], { primary: join });
    case "numbering":
      return card(headlines.numbering, count(crowd, figures.inLine), [lines.numbering], whoWaits(leave));
    case "waiting":
      return waiting(standing);
    case "offered": {
      const windowMs = (sale?.claimWindowSeconds ?? 45) * 1_000;
      const leftMs = serverNow === null ? windowMs : standing.claimBy - serverNow;
      const says = lines.offered(lines.minutes(sale?.purchaseWindowSeconds ?? 600));
      return card(headlines.offered, timer(standing.claimBy, figures.toClaim), [says, lines.offeredElse], {
        tone: "turn",
        bar: { share: Math.min(1, Math.max(0, leftMs / windowMs)), label: texts.timeLabel },
        message: sale?.phase === "paused" ? lines.claimsGoOn : null,
        primary: action("claim", actions.claim),
        others: [action("letPass", actions.letPass)],
      });
    }
    case "held":
      return held(standing);
    case "missed": {
      const figure = ticketOr(standing.ticket, figures.number);
      const headline = headlines.missed(clockTime(standing.at));
      if (standing.canReturn) {
        return card(headline, figure, [lines.missedReturn], {
          primary: action("rejoin", actions.rejoin),
          others: [leave],
        });
      }
      return card(headline, figure, again(lines.missed, standing.canJoinAgain), {
        primary: joinAgain(standing.canJoinAgain),
      });
    }
    case "purchased":
      return card(
        headlines.purchased,
        standing.orderId === null
          ? { text: f.number(1), label: figures.bought, isTimer: false }
          : { text: standing.orderId, label: figures.order, isTimer: false },
        [lines.purchased],
        {
          tone: "done",
          facts: [...unitFact(standing.unit), ...priceFact()],
          primary: standing.canJoinAgain ? action("join", actions.joinForAnother) : null,
        },
      );
    case "soldOut": {
      const closesAt = timeOf(sale?.schedule.closesAt);
      return card(
        headlines.soldOut,
        ticketOr(standing.ticket, figures.finalPlace),
        standing.isOver ? [lines.soldOut] : [lines.soldOut, lines.stay(dayTime(closesAt))],
        standing.isOver ? { primary: checkDraw } : { others: [...returns, checkDraw, leave] },
      );
    }
    case "paused":
      return standing.hasJoined
        ? card(
            headlines.pausedSafe,
            standing.ticket === null
              ? count(crowd, figures.inLine)
              : ticketOr(line?.position ?? standing.ticket, figures.place),
            [lines.paused],
            whoWaits(leave),
          )
        : isRush
          ? card(headlines.paused, count(quantity, figures.units), [lines.rush])
          : card(headlines.paused, count(crowd, figures.inLine), [lines.pausedWatch], { primary: join });
    case "left":
      return card(headlines.left, count(crowd, figures.inLine), again(lines.left, standing.canJoinAgain), {
        primary: joinAgain(standing.canJoinAgain),
      });
    case "released":
    case "cancelled": {
      const figure = ticketOr(standing.ticket, figures.number);
      const says = again(lines[standing.kind], standing.canJoinAgain);
      return card(headlines[standing.kind], figure, says, { primary: joinAgain(standing.canJoinAgain) });
    }
    case "expired": {
      const figure = ticketOr(standing.ticket, figures.number);
      const says = again(lines.expired, standing.canJoinAgain);
      return card(headlines.expired(clockTime(standing.at)), figure, says, {
        primary: joinAgain(standing.canJoinAgain),
      });
    }
    case "closed":
      if (isRush) return card(headlines.closed, count(quantity, figures.units), []);
      return card(headlines.closed, ticketOr(standing.ticket, figures.finalPlace), [lines.closed], {
        primary: checkDraw,
      });
  }

  function timetable(withLobby: boolean): CardContent["facts"] {
    const { lobbyAt, drawAt, opensAt } = sale?.schedule ?? {};
    const rows = [
      { label: texts.facts.draw, text: dayTime(timeOf(drawAt)) },
      { label: texts.facts.opens, text: dayTime(timeOf(opensAt)) },
    ];
    return withLobby ? [{ label: texts.facts.lobby, text: dayTime(timeOf(lobbyAt)) }, ...rows] : rows;
  }

  function unitFact(unit: number | null): CardContent["facts"] {
    return unit === null ? [] : [{ label: texts.facts.unit, text: texts.ticket(unit) }];
  }

  function priceFact(): CardContent["facts"] {
    return sale?.price === undefined ? [] : [{ label: texts.facts.price, text: f.money(sale.price) }];
  }

  function again(says: string, may: boolean): string[] {
    return may && !isRush ? [says, lines.joinAgain] : [says];
  }

  function oddsLines(ticket: number): string[] {
    const stock = sale?.stock.status ?? "in_stock";
    if (stock === "out_of_stock") return [lines.allTaken];
    const seen = { quantity, stock, served: room.serving?.serving ?? 0 };
    const odds = oddsOf(ticket, seen);
    const says = lines.odds(odds, quantity, Math.max(0, (line?.position ?? ticket) - 1));
    // Only where it tells something: not to who is sure, and not that everybody may have taken theirs.
    const tenths = Math.ceil((takingOf(seen)?.most ?? 1) * 10);
    return odds === "sure" || tenths > 9 ? [says] : [says, lines.taking(tenths)];
  }

  function waiting({ ticket }: Extract<Standing, { kind: "waiting" }>): CardContent {
    const position = line?.position ?? ticket;
    const isNext = position <= 1;
    const bar = { share: line?.progress ?? 0, label: texts.progressLabel };
    if (position === 0) {
      const figure = { text: f.number(1), label: figures.ahead(0), isTimer: false };
      return card(headlines.next, figure, [lines.returned], {
        bar: { ...bar, share: 1 },
        ...whoWaits(leave),
      });
    }
    const estimate = line?.estimate ?? null;
    const isStuck = sale?.stock.status === "out_of_stock";
    const grewBy = estimate?.grewBy ?? null;
    const says = [
      estimate === null ? lines.noEstimate : lines.estimate(estimate),
      grewBy === null ? [] : lines.slowing[grewBy],
    ].flat();
    return card(
      isNext ? headlines.next : headlines.waiting,
      { text: f.number(position), label: figures.ahead(position - 1), isTimer: false },
      isStuck ? [lines.allTaken] : [says.join(" "), ...oddsLines(ticket)],
      { bar, ticket, ...whoWaits(leave) },
    );
  }

  function held(standing: Extract<Standing, { kind: "held" }>): CardContent {
    const windowMs = (sale?.purchaseWindowSeconds ?? 600) * 1_000;
    const leftMs = serverNow === null ? windowMs : standing.until - serverNow;
    const isSoon = leftMs <= HELD_AMBER_MS;
    const hasCheckout = sale?.checkoutUrl !== undefined;
    const rest = isSoon ? lines.heldSoon : hasCheckout ? lines.held : lines.heldNoCheckout;
    return card(
      headlines.held(clockTime(standing.until)),
      timer(standing.until, figures.toCheckOut),
      [standing.isPaying ? lines.paying : rest],
      {
        tone: leftMs <= HELD_RED_MS ? "red" : isSoon ? "amber" : "held",
        bar: { share: Math.min(1, Math.max(0, leftMs / windowMs)), label: texts.timeLabel },
        message: null,
        facts: unitFact(room.hold?.unit ?? null),
        primary: hasCheckout ? action("checkout", actions.checkout) : null,
        others: [action("giveBack", actions.giveBack)],
      },
    );
  }
}

/** The operator's own words in this state. */
function wordsFor(kind: Standing["kind"], { paused, soldOut, thanks }: RoomTheme): string | undefined {
  if (kind === "paused") return paused;
  if (kind === "soldOut") return soldOut;
  return kind === "purchased" ? thanks : undefined;
}
