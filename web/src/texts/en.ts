// Every word that a shopper reads, in English. A message says what happened, what it means for the shopper's place,
// and what they can do; no codes, no blame. Another language is another file of this same type.
import type { Estimate, Slowing } from "@dropgate/client/line/estimate";
import type { Act, ActRefusal } from "@dropgate/client/room/room-state";
import type { Odds } from "../line/odds.ts";
import { formatsFor, type PluralForms } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

/** By the code of what was refused; the rest share one sentence. What English tells apart, every language does. */
export type RefusalTexts = Record<keyof typeof refusals, string> & Partial<Record<ActRefusal, string>>;

const f = formatsFor("en");

const counts = {
  units: { one: "{n} unit", other: "{n} units" },
  perPerson: { one: "one per person", other: "up to {n} per person" },
  inDraw: { one: "person in the draw", other: "people in the draw" },
  inLine: { one: "person in line", other: "people in line" },
  inSale: { one: "unit in this sale", other: "units in this sale" },
  inLobby: { one: "{n} person in the lobby.", other: "{n} people in the lobby." },
  ahead: { one: "{n} person ahead of you", other: "{n} people ahead of you" },
  secondsToClaim: {
    one: "It's your turn. You have {n} second to claim your unit.",
    other: "It's your turn. You have {n} seconds to claim your unit.",
  },
  secondsLeft: { one: "{n} second left.", other: "{n} seconds left." },
  minutesLeft: { one: "{n} minute left to check out.", other: "{n} minutes left to check out." },
} satisfies CountsIn<"en">;

const units = (count: number) => f.count(count, counts.units);

const refusals = {
  AWAY: "We can't reach the shop just now. Your place is safe; please try again in a moment.",
  BUSY: "It's very busy just now. Nothing was lost; please try again in a moment.",
  RATE_LIMITED: "Very many people are joining just now. Please try again in a moment.",
  SALE_NOT_OPEN: "The lobby hasn't opened yet. This page will tell you as soon as it does.",
  SALE_CLOSED: "The sale has just closed, so nobody can join any more.",
  SOLD_OUT: "All units are sold or in baskets just now. If one comes back, you can get it.",
  ALREADY_PURCHASED: "You've already bought as many as one person may in this sale.",
  IDENTITY_REQUIRED:
    "This sale has one place for each customer. Sign in at the shop and come back by its link.",
  REHEARSAL_ONLY:
    "This is a rehearsal: only simulated shoppers take part. The sale itself has another address.",
  CHALLENGE_REQUIRED: "This sale asks for an extra check that this page can't do yet. Please ask the shop.",
  HOLD_EXPIRED: "The time for this unit was up, and it went to the next in line.",
  WRONG_STATE: "Something changed in the meantime. This is where you stand now.",
  UNAUTHENTICATED: "Your browser didn't keep our cookie. Please allow cookies for this page and try again.",
} satisfies Partial<Record<ActRefusal, string>>;

export const en = {
  language: "en",
  formats: f,
  counts: counts as Record<keyof typeof counts, PluralForms>,

  page: {
    title: (sale: string) => `${sale} – waiting room`,
    terms: (quantity: number, limit: number) => `${units(quantity)} · ${f.count(limit, counts.perPerson)}`,
    reconnecting: "Reconnecting…",
    reconnectingSafe: "Reconnecting… your place is safe",
    connected: "Connected again.",
    loading: "One moment…",
    unknown: {
      title: "There is no sale at this address",
      text: "It may have a new address, or a letter got lost on the way. The shop's own page has the right link.",
    },
  },

  figures: {
    untilLobby: "until the lobby opens",
    untilDraw: "until the draw",
    untilOpen: "until the sale opens",
    inDraw: (count: number) => f.count(count, counts.inDraw),
    inLine: (count: number) => f.count(count, counts.inLine),
    place: "your place in line",
    ahead: (count: number) => (count === 0 ? "nobody is ahead of you" : f.count(count, counts.ahead)),
    toClaim: "to claim your unit",
    toCheckOut: "left to check out",
    number: "your number",
    finalPlace: "your final place",
    order: "your order number",
    bought: "unit bought",
    units: (count: number) => f.count(count, counts.inSale),
  },

  ticket: (ticket: number) => `No. ${f.number(ticket)}`,
  facts: { lobby: "Lobby opens", draw: "The draw", opens: "Sale opens", unit: "Your unit", price: "Price" },
  progress: (tenths: number) => `${f.number(tenths * 10)} percent of the way.`,
  progressLabel: "The way to your turn",
  timeLabel: "Time left",

  headlines: {
    loading: "One moment…",
    scheduled: "Opens in",
    lobby: "The lobby is open.",
    lobbyJoined: "You're in.",
    drawing: "Drawing the order…",
    drawn: "Your place is drawn.",
    open: "The sale is on.",
    openSoldOut: "All units are sold.",
    numbering: "You're in.",
    waiting: "You're in line.",
    next: "You're next.",
    offered: "It's your turn.",
    held: (until: string) => `Yours until ${until}`,
    missed: (at: string) => `Your turn passed at ${at}.`,
    purchased: "It's yours. Thank you!",
    soldOut: "All units are sold",
    paused: "The sale is paused.",
    pausedSafe: "The sale is paused. Your place is safe.",
    left: "You've left the line.",
    released: "You gave your unit back.",
    cancelled: "Your order was cancelled.",
    expired: (at: string) => `Your time was up at ${at}.`,
    closed: "The sale is over.",
  },

  lines: {
    beforeDraw: "Come any time before the draw: arriving earlier gives no advantage.",
    lobby: (count: number) =>
      count > 0
        ? `${f.count(count, counts.inLobby)} Arriving earlier gives no advantage.`
        : "Arriving earlier gives no advantage.",
    drawing: "Everyone in the lobby has the same chance. Your number comes in a few seconds.",
    drawingWatch: "Who joins now comes after those in the draw.",
    drawnIn: (left: string) => `Turns begin in ${left}.`,
    drawnSoon: "Turns begin any moment now.",
    rush: "There's no line in this sale: while units are free, you can get one at once.",
    open: "Join and you get a number after those who are in line now.",
    openSoldOut: "If an order is cancelled, its unit goes to the next in line. You can wait for that.",
    numbering: "Your number comes in a few seconds. It stays the same from then on.",
    estimate(estimate: Estimate): string {
      const { low, high, unit } = estimate;
      if (unit === "minute" && high <= 1) return "Less than a minute to go.";
      const range = f.duration(Math.max(low, unit === "minute" ? 1 : 0.5), high, unit);
      return `About ${range} to go.`;
    },
    /** Said behind an estimate that has grown. */
    slowing: {
      paused: "It takes longer than we said, because the sale was paused.",
      stock: "It takes longer than we said, because few units are free just now.",
      rate: "It takes longer than we said, because the shop lets people in more slowly now.",
      slower: "It takes longer than we said, because the line has become slower.",
    } satisfies Record<Slowing, string>,
    noEstimate: "The line isn't moving just now, so we can't say how long it takes.",
    returned: "The next free unit is yours.",
    odds(odds: Odds, quantity: number, ahead: number): string {
      const total = units(quantity);
      switch (odds) {
        case "sure":
          if (ahead === 0) return "A unit will be offered to you.";
          return `${total}, ${f.number(ahead)} ahead of you: one of them will be offered to you.`;
        case "likely":
          return `${total}, about ${f.number(ahead)} ahead of you: a unit is likely, because some let theirs pass.`;
        case "possible":
          return `${total}, about ${f.number(ahead)} ahead of you: a unit is possible if many let theirs pass.`;
        case "unlikely":
          return `${total}, about ${f.number(ahead)} ahead of you: a unit is unlikely, you stay in line for returns.`;
      }
    },
    /** @param tenths of those who were offered a unit */
    taking: (tenths: number) =>
      `So far at most ${f.number(tenths)} in 10 took the unit that they were offered.`,
    allTaken: "All units are sold or in baskets just now. You move up as soon as one comes back.",
    offered: (windowText: string) => `Claim it and it's yours for ${windowText} while you pay.`,
    offeredElse: "If you don't, it goes to the next in line, and you can come back once.",
    held: "Your unit is set aside. Pay at the shop's checkout before the time is up.",
    heldNoCheckout: "Your unit is set aside. Go back to the shop and pay before the time is up.",
    heldSoon: "Not long now: after that, your unit goes to the next in line.",
    paying: "Your payment is under way, so you have a little more time.",
    missedReturn:
      "The unit went to the next in line. You can come back once: the next free unit is then yours.",
    missed: "The unit went to the next in line.",
    purchased: "The shop has your order and sends you its confirmation.",
    soldOut: "Everybody was served in the order of the draw: you were never skipped.",
    stay: (until: string) => `You stay in line until ${until}: a cancelled order's unit goes to the next.`,
    paused: "The line stands still, and nobody moves ahead of you.",
    pausedWatch: "You can join the line meanwhile.",
    left: "Those behind you have moved up.",
    released: "It went to the next in line, who will be glad.",
    cancelled: "Its unit went to the next in line. If you didn't want that, please ask the shop.",
    expired: "The unit went to the next in line. If a payment was made, the shop gives it back.",
    joinAgain: "You can join again at the end of the line.",
    closed: "Everybody was served in the order of the draw.",
    claimsGoOn: "The sale is paused, but your turn is not: you can go on.",
    minutes: (seconds: number) =>
      seconds < 120 ? f.span(seconds, "second") : f.span(Math.floor(seconds / 60), "minute"),
  },

  actions: {
    join: "Join the line",
    attempt: "Get one now",
    joinLobby: "Join the lobby",
    joinAgain: "Join again",
    joinForAnother: "Join again for another",
    leave: "Leave the line",
    leaveLobby: "Leave the lobby",
    claim: "Claim my unit",
    letPass: "Let it pass",
    checkout: "Go to checkout",
    giveBack: "Give it back",
    rejoin: "Come back",
    calendar: "Add to calendar",
    notify: "Tell me when it's my turn",
    told: "We'll tell you.",
    notifyReturns: "Tell me if units come back",
    sound: "Sound on my turn",
    checkDraw: "Check the draw",
    away: "Leaving this screen?",
    byMail: "E-mail me",
    otherDevice: "Use another device",
  },
  acting: {
    join: "Joining…",
    leave: "Leaving…",
    claim: "Claiming…",
    release: "Giving it back…",
    rejoin: "Coming back…",
  } satisfies Record<Act, string>,

  refusal: (code: ActRefusal): string =>
    (refusals as RefusalTexts)[code] ??
    "That didn't work, and nothing has changed. Please try again in a moment.",

  spoken: {
    offered: (seconds: number) => f.count(seconds, counts.secondsToClaim),
    secondsLeft: (seconds: number) => f.count(seconds, counts.secondsLeft),
    minutesLeft: (minutes: number) => f.count(minutes, counts.minutesLeft),
  },
  tab: {
    offered: (left: string) => `(${left}) It's your turn!`,
    held: (left: string) => `(${left}) Yours`,
    waiting: (position: string) => `${position} in line`,
  },

  /** What only a press brings up is loaded with it. */
  press: () => import("./en-press.ts").then((file) => file.enPress),
  draw: () => import("./en-draw.ts").then((file) => file.enDraw),
  away: () => import("./en-away.ts").then((file) => file.enAway),
};

export type Texts = typeof en;
