// One shopper's whole way through a sale: join, wait, claim or let it lapse, check out or give back, hear the outcome.
// Load tests (k6), the demo's simulated shoppers and the scenario all walk this one way; they differ in the plan they
// give, in the checkout they bring and in what they make of the events.
//
//   joining ─▶ waiting ─offer─▶ deciding ─claim─▶ held ─checkout─▶ settled ─outcome─▶ ended
//                 ▲                └─lapse─▶ missed ─┐ (may come back once)
//                 └──────────────── rejoin ──────────┘
//
// Frames drive it, not memory: after a lost connection the server tells the full state again, and each step is taken
// from what was heard last. Every retry is bounded: joins by joinTriesMax, questions by TRIES_MAX, reconnects and waiting
// for one by the journey's end.

import type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Offer, Serving } from "@dropgate/contracts/realtime";
import type { Acknowledged, ServerMessage } from "./frames.ts";
import { join } from "./joining.ts";
import type { Plan } from "./plan.ts";
import { openSession, type Session } from "./session.ts";
import type { Person } from "./shopper-call.ts";
import type { CheckoutResult, Ending, JourneyEvent, Refused, Sighting } from "./sightings.ts";
import { retryDelayMs, type Surroundings } from "./surroundings.ts";

export interface JourneyOptions {
  /** http(s)://host[:port] of a gateway, or of several that are taken in turn (a reconnect goes to the next one). */
  gatewayUrls: readonly string[];
  saleId: string;
  person: Person;
  plan: Plan;
  surroundings: Surroundings;
  /** Pays at the shop; called once for each hold. Must not throw. */
  checkout: (hold: Hold, pass: string) => Promise<CheckoutResult>;
  onEvent?: (event: JourneyEvent) => void;
  /** true (the default): stays until the `outcome`. false: ends once the entry is final. */
  staysForOutcome?: boolean;
  /** 60 by default: some three minutes of a sale that is not open yet. */
  joinTriesMax?: number;
}

export interface Journey {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /** The shopper closes the page; the entry stays as it is. */
  stop(): void;
}

const JOIN_TRIES = 60;
/** A claim, release, leave or rejoin that was not answered, or with "later", is asked again so often. */
const TRIES_MAX = 10;
const ENDED_STATES = new Set<Entry["state"]>(["left", "released", "expired", "sold_out", "missed"]);

export function beginJourney(options: JourneyOptions): Journey {
  const { surroundings, plan } = options;
  const { random, now } = surroundings;
  const urls = options.gatewayUrls.map((url) => url.replace(/\/+$/, ""));
  let turn = Math.floor(random() * urls.length);
  const nextUrl = (): string => urls[turn++ % urls.length] ?? "";

  let session: Session | null = null;
  let entry: Entry | null = null;
  let serving = 0;
  let reconnects = -1;
  let cameBack = false;
  /** The hold that is being dealt with, and how far it is. */
  let dealing: { holdId: string; step: "deciding" | "claiming" | "held" } | null = null;
  let checkouts = 0;
  let bought: { orderId?: string; unit?: number } = {};
  let outcome: OutcomeOfEntry | null = null;
  let isOver = false;
  let finish: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    finish = resolve;
  });
  const cancels = new Set<() => void>();

  const tell = (sighting: Sighting): void => {
    if (!isOver) options.onEvent?.({ ...sighting, at: now() });
  };
  const later = (ms: number, act: () => void): void => {
    if (ms <= 0) return act();
    const cancel = surroundings.after(ms, () => {
      cancels.delete(cancel);
      if (!isOver) act();
    });
    cancels.add(cancel);
  };

  function end(result: Ending["result"], refusal?: string): void {
    if (isOver) return;
    const ending: Ending = {
      result,
      state: entry?.state ?? null,
      entryId: entry?.entryId ?? null,
      ticket: entry?.ticket ?? null,
      ...bought,
      ...(refusal === undefined ? {} : { refusal }),
    };
    tell({ kind: "ended", ending });
    isOver = true;
    for (const cancel of cancels) cancel();
    session?.close();
    finish(ending);
  }

  async function start(): Promise<void> {
    const result = await join({
      gatewayUrl: nextUrl,
      saleId: options.saleId,
      person: options.person,
      surroundings,
      triesMax: options.joinTriesMax ?? JOIN_TRIES,
      isStopped: () => isOver,
      onRefused: ({ code, retryMs }) => tell({ kind: "refused", during: "join", code, retryMs }),
    });
    if (isOver) return;
    if (!result.ok) return end("refused", result.refusal);
    const { token, ...joined } = result.joined;
    entry = joined;
    tell({ kind: "joined", tookMs: result.tookMs, tries: result.tries, isNew: result.isNew, entry: joined });
    if (plan.leaveAfterMs !== undefined) later(plan.leaveAfterMs, () => leave());
    session = openSession({
      gatewayUrl: nextUrl,
      auth: { token },
      surroundings,
      onUp: (tookMs) => {
        serving = 0;
        reconnects++;
        tell({ kind: "up", tookMs, reconnects });
      },
      onDown: (retryMs) => tell({ kind: "down", retryMs }),
      onRefused: (code) => tell({ kind: "refused", during: "socket", code, retryMs: undefined }),
      onMessage: (message) => {
        if (!isOver) take(message);
      },
    });
  }

  function take(message: ServerMessage): void {
    if (message.name === "entry") takeEntry(message.payload);
    else if (message.name === "serving") takeServing(message.payload);
    else if (message.name === "offer") takeOffer(message.payload);
    else if (message.name === "hold") takeHold(message.payload);
    else if (message.name === "outcome") takeOutcome(message.payload);
  }

  function takeEntry(heard: Entry): void {
    if (entry !== null) {
      if (heard.entryId !== entry.entryId) return anomaly(`entry ${entry.entryId} became ${heard.entryId}`);
      if (heard.rev < entry.rev) return;
      if (entry.ticket !== null && heard.ticket !== entry.ticket) {
        anomaly(`ticket ${entry.ticket} of ${entry.entryId} became ${heard.ticket}`);
      }
    }
    entry = heard;
    tell({ kind: "entry", entry: heard });
    if (heard.outcome !== undefined) return takeOutcome(heard.outcome);
    if (heard.state === "missed" && plan.comesBack && !cameBack && heard.rejoinable !== false)
      return comeBack();
    if (options.staysForOutcome === false && ENDED_STATES.has(heard.state)) end("final");
  }

  function takeServing(heard: Serving): void {
    if (heard.serving < serving) anomaly(`serving went back from ${serving} to ${heard.serving}`);
    serving = heard.serving;
    tell({ kind: "serving", serving: heard });
  }

  function takeOffer(offer: Offer): void {
    const isToldAgain = dealing?.holdId === offer.holdId;
    if (isToldAgain && dealing?.step !== "deciding") return;
    dealing = { holdId: offer.holdId, step: "deciding" };
    tell({ kind: "offer", offer });
    if (plan.atOffer === "lapse" && !cameBack) return;
    later(isToldAgain ? 0 : plan.decideAfterMs, () => claim(offer.holdId, 0));
  }

  function claim(holdId: string, tries: number): void {
    if (dealing?.holdId !== holdId || dealing.step !== "deciding") return;
    // Without a connection nothing is lost: the next one brings the offer again, as long as it stands.
    if (session === null || !session.isUp()) return;
    const mine = dealing;
    mine.step = "claiming";
    const askedAt = now();
    session.ask("claim", { holdId }, (answer) => {
      if (isOver) return;
      if (answer?.hold !== undefined && answer.pass !== undefined) {
        tell({ kind: "claimed", tookMs: now() - askedAt, hold: answer.hold });
        return deal(answer.hold, answer.pass);
      }
      if (mine.step !== "claiming") return;
      mine.step = "deciding";
      refuse("claim", answer, tries, () => claim(holdId, tries + 1));
    });
  }

  function takeHold({ hold, pass }: { hold: Hold; pass?: string }): void {
    tell({ kind: "hold", hold });
    if ((hold.state === "active" || hold.state === "pending") && pass !== undefined) deal(hold, pass);
  }

  /** A unit is held for this shopper: once for each hold, whether the acknowledgement or the event said so first. */
  function deal(hold: Hold, pass: string): void {
    if (dealing?.holdId === hold.holdId && dealing.step === "held") return;
    if (dealing?.holdId === hold.holdId) dealing.step = "held";
    else dealing = { holdId: hold.holdId, step: "held" };
    if (plan.atHold === "pay") later(plan.payAfterMs, () => void checkOut(hold, pass));
    else if (plan.atHold === "release") later(plan.payAfterMs, () => release(hold));
  }

  async function checkOut(hold: Hold, pass: string): Promise<void> {
    const begunAt = now();
    checkouts++;
    const result = await options.checkout(hold, pass);
    checkouts--;
    if (result.result === "paid") bought = { orderId: result.orderId, unit: hold.unit };
    tell({ kind: "checkedOut", tookMs: now() - begunAt, hold, result });
    if (outcome !== null) settle();
    else if (result.result !== "paid" && plan.afterFailure === "release") release(hold);
  }

  function release(hold: Hold): void {
    ask("release", { holdId: hold.holdId }, () => tell({ kind: "released", hold }));
  }

  function leave(): void {
    ask("leave", undefined, () => tell({ kind: "left" }));
  }

  function comeBack(): void {
    cameBack = true;
    later(plan.decideAfterMs, () => ask("rejoin", undefined, () => tell({ kind: "rejoined" })));
  }

  /** Asks until it is answered. While there is no connection nothing is asked, so no try is spent. */
  function ask(
    name: "release" | "leave" | "rejoin",
    payload: { holdId: string } | undefined,
    done: () => void,
    tries = 0,
  ): void {
    if (name === "rejoin" && entry?.state !== "missed") return;
    if (name === "leave" && entry?.state !== "waiting") return;
    if (session === null || !session.isUp()) {
      return later(retryDelayMs(0, undefined, random()), () => ask(name, payload, done, tries));
    }
    session.ask(name, payload, (answer) => {
      if (isOver) return;
      if (answer !== undefined && answer.problem === undefined) return done();
      const isAskedAgain = refuse(name, answer, tries, () => ask(name, payload, done, tries + 1));
      // The place is gone for good: nothing more will happen before the close.
      if (name === "rejoin" && !isAskedAgain && options.staysForOutcome === false) end("final");
    });
  }

  /** The outcome may overtake the checkout's own answer, which is waited for: it says what the shop has told. */
  function takeOutcome(heard: OutcomeOfEntry): void {
    if (outcome !== null) return;
    outcome = heard;
    tell({ kind: "outcome", outcome: heard });
    settle();
  }

  function settle(): void {
    if (outcome === null || checkouts > 0) return;
    if (outcome.result !== "purchased" && bought.orderId !== undefined) {
      anomaly(`order ${bought.orderId} was confirmed, the outcome is ${outcome.result}`);
    }
    bought = {
      ...bought,
      ...(outcome.orderId === undefined ? {} : { orderId: outcome.orderId }),
      ...(outcome.unit === undefined ? {} : { unit: outcome.unit }),
    };
    end(outcome.result);
  }

  /** No answer says nothing, and "later" says when: both are asked again. */
  function refuse(
    during: Refused["during"],
    answer: Acknowledged | undefined,
    tries: number,
    again: () => void,
  ): boolean {
    const problem = answer?.problem;
    const mayPass = problem === undefined || problem.status === 503 || problem.status === 429;
    const isAskedAgain = mayPass && tries + 1 < TRIES_MAX && !isOver;
    const retryMs = isAskedAgain
      ? retryDelayMs(Math.min(tries, 3), problem?.retryAfterMs, random())
      : undefined;
    tell({ kind: "refused", during, code: problem?.code ?? "NO_ANSWER", retryMs });
    if (retryMs !== undefined) later(retryMs, again);
    return isAskedAgain;
  }

  function anomaly(what: string): void {
    tell({ kind: "anomaly", what });
  }

  void start();
  return { ended, stop: () => end("stopped") };
}
