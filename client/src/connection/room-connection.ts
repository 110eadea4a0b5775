// Keeps the room's store fed and carries out what the shopper asks for. The socket is the way in; where it does not
// work, polling is. Paths that try again, and what ends each: the socket (never ends, ≤ 10 s apart), polling (until
// the socket is up), a join (JOIN_TRIES_MAX), a refused token (once, then we watch as a guest), looking whether a
// leave is stored (LEFT_LOOKS_MAX).
import type { Entry, Joined, OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { Claimed, Hold } from "@dropgate/contracts/hold";
import type { Offer, ServerEvent, Serving, ShopperEvent } from "@dropgate/contracts/realtime";
import type { Sale } from "@dropgate/contracts/sale";
import type { EntryState } from "@dropgate/contracts/states/entry";
import type { Problem } from "@dropgate/contracts/values";
import type { ActRefusal, KeptEntry } from "../room/room-state.ts";
import type { RoomStore } from "../room/room-store.ts";
import { type Answer, type ApiParts, openApi } from "./api.ts";
import type { EntryKeeper } from "./kept-entry.ts";
import { type OpenSocket, openLiveLink } from "./live-link.ts";
import { openPolling, type PollOutcome } from "./polling.ts";

/** Each act answers why it was not done, or null when it was; `BUSY` while another one is under way. */
export interface RoomConnection {
  join(): Promise<ActRefusal | null>;
  leave(): Promise<ActRefusal | null>;
  claim(): Promise<ActRefusal | null>;
  release(): Promise<ActRefusal | null>;
  rejoin(): Promise<ActRefusal | null>;
  /** An entry that came by a link is this one's from now on. */
  adopt(joined: Joined): void;
  /** Ends the line for good. The place stays: whoever brings its token is in it again. */
  close(): void;
}

export interface RoomPlace extends Omit<ApiParts, "entryToken"> {
  keeper: EntryKeeper;
  openSocket: OpenSocket;
}

/** The socket may fail this often before we ask instead. */
const SOCKET_FAILURES_MAX = 3;
/** Each try waits for as long as the server says: together a minute or so of rush. */
const JOIN_TRIES_MAX = 20;
const JOIN_AGAIN_MS = 1_500;
/** After a refused token: there is no hurry, and there may be many. */
const REFUSED_AGAIN_MS = 3_000;
/** The socket tells a held unit's pass by itself within this time. */
const PASS_COMES_MS = 2_000;
/** A leave is stored within a second or so; until then the entry is told as it was. */
const LEFT_LOOK_MS = 500;
const LEFT_LOOKS_MAX = 10;
/** A tab that was hidden for this long asks for the time again. */
const HIDDEN_MS_MAX = 60_000;

export function connectRoom(place: RoomPlace, store: RoomStore): RoomConnection {
  const { saleId, keeper } = place;
  const room = () => store.read().room;
  const api = openApi({ ...place, entryToken: () => room().kept?.token ?? null });
  const closing = new AbortController();

  const polling = openPolling(poll);
  const live = openLiveLink(place.url, place.openSocket, {
    auth: () => {
      const { kept } = room();
      return kept === null ? { saleId } : { token: kept.token };
    },
    heard,
    up() {
      polling.stop();
      store.dispatch({ type: "link", link: "live" });
      if (room().clock.samples.length === 0 || room().clock.isSuspect) void readSale();
    },
    down(failures) {
      if (failures >= SOCKET_FAILURES_MAX) polling.start();
      else if (room().link === "live") store.dispatch({ type: "link", link: "away" });
    },
    refused: () => void tokenRefused(),
  });

  keep(keeper.read());
  void readSale();
  const stopKeeping = keeper.onChange((kept) => {
    const isOther = kept?.token !== room().kept?.token;
    store.dispatch({ type: "kept", kept });
    if (isOther) live.reopen();
  });
  watchTab();

  function keep(kept: KeptEntry | null): void {
    store.dispatch({ type: "kept", kept });
  }

  /** Where the way began, once the ticket is first seen: kept, so that the bar is the same after a reload. */
  store.subscribe(() => {
    const { kept, entry, serving } = room();
    if (kept === null || kept.startedAt !== undefined || entry === null || serving === null) return;
    if (entry.ticket === null) return;
    const known = { ...kept, startedAt: Math.min(serving.serving, entry.ticket - 1) };
    keeper.write(known);
    keep(known);
  });

  function heard(event: ServerEvent, payload: unknown): void {
    // The contract's server made it; its schemas are too heavy for a first load.
    switch (event) {
      case "sale":
        return store.dispatch({ type: "sale", sale: payload as Sale });
      case "serving":
        return store.dispatch({ type: "serving", serving: payload as Serving });
      case "entry":
        return store.dispatch({ type: "entry", entry: payload as Entry });
      case "offer":
        return store.dispatch({ type: "offer", offer: payload as Offer });
      case "hold":
        return store.dispatch({ type: "hold", ...(payload as { hold: Hold; pass?: string }) });
      case "outcome":
        return store.dispatch({ type: "outcome", outcome: payload as OutcomeOfEntry });
      case "reconnect":
        return;
    }
  }

  async function readSale(): Promise<Answer<Sale>> {
    const answer = await api.sale();
    if (answer.ok) store.dispatch({ type: "sale", sale: answer.value, sentAt: answer.sentAt });
    else if (answer.refusal === "SALE_NOT_FOUND") store.dispatch({ type: "unknown" });
    return answer;
  }

  async function readEntry(): Promise<Answer<Entry> | null> {
    const { kept } = room();
    if (kept === null) return null;
    const answer = await api.entry(kept.entryId);
    if (answer.ok) store.dispatch({ type: "entry", entry: answer.value });
    return answer;
  }

  async function poll(): Promise<PollOutcome> {
    const [sale, entry] = await Promise.all([readSale(), readEntry()]);
    if (live.isUp()) return { ok: true };
    if (entry !== null && !entry.ok && !isAway(entry.refusal)) void tokenRefused();
    const bad = !sale.ok ? sale : entry !== null && !entry.ok ? entry : null;
    const isAnswered = bad === null || !isAway(bad.refusal);
    store.dispatch({ type: "link", link: isAnswered ? "polling" : "away" });
    return bad === null ? { ok: true } : { ok: false, retryAfterMs: bad.retryAfterMs };
  }

  /** Joins again where the cookie still proves us, else we watch as a guest; what is not known is asked next time. */
  async function tokenRefused(): Promise<void> {
    const { kept } = room();
    const place = kept === null ? "later" : await placeByCookie(kept.entryId);
    if (closing.signal.aborted) return;
    // Whoever joined meanwhile has a token that counts, and the link was opened with it.
    if (room().kept?.token !== kept?.token) return;
    if (place !== "later") {
      keep(place === "none" ? null : { entryId: place.entryId, token: place.token });
      keeper.write(room().kept);
      if (place !== "none") store.dispatch({ type: "entry", entry: place });
    }
    live.reopen(REFUSED_AGAIN_MS * (1 + Math.random()));
  }

  async function placeByCookie(id: string): Promise<Joined | "none" | "later"> {
    const answer = await api.entryByCookie(id);
    if (!answer.ok) return isAway(answer.refusal) ? "later" : "none";
    const { state, rejoinable } = answer.value;
    if (room().sale?.kind === "rush" || !(isLive(state) || rejoinable === true)) return "none";
    // A shop that cannot say just now who this is has not said that it is nobody.
    const again = await api.join().catch(() => null);
    if (again?.ok) return again.value;
    return again === null || isAway(again.refusal) ? "later" : "none";
  }

  /** A held unit whose pass nobody tells (a reload where sockets are blocked): claiming again is the same answer. */
  let passAskedFor = "";
  let passTimer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe(() => {
    const id = holdWithoutPass();
    if (id === null || id === passAskedFor) return;
    passAskedFor = id;
    passTimer = setTimeout(() => void askForPass(id), PASS_COMES_MS);
  });

  function holdWithoutPass(): string | null {
    const { standing } = store.read().moment;
    return standing.kind === "held" && standing.pass === null && room().acting === null
      ? standing.holdId
      : null;
  }

  async function askForPass(id: string): Promise<void> {
    if (holdWithoutPass() !== id) return;
    const answer = await api.claim(id);
    if (answer.ok) takeHold(answer.value);
    else if (isAway(answer.refusal)) passAskedFor = "";
  }

  /** Runs one act at a time, and says how it ended. */
  async function act(
    name: "join" | ShopperEvent,
    run: () => Promise<ActRefusal | null>,
  ): Promise<ActRefusal | null> {
    if (room().acting !== null) return "BUSY";
    store.dispatch({ type: "acting", act: name });
    let refusal: ActRefusal | null = "AWAY";
    try {
      refusal = await run();
    } finally {
      // Also when the shop's own word on who this is could not be had: else nothing could be done ever after.
      store.dispatch({ type: "acted", refusal });
    }
    return refusal;
  }

  async function join(): Promise<ActRefusal | null> {
    for (let tries = 1; ; tries += 1) {
      const answer = await (room().sale?.kind === "rush" ? api.attempt() : api.join());
      if (answer.ok) {
        const { value } = answer;
        // A rush gives a unit at once; its entry is told by the socket.
        const kept = { entryId: "hold" in value ? value.hold.entryId : value.entryId, token: value.token };
        keeper.write(kept);
        keep(kept);
        if ("hold" in value) takeHold(value);
        else store.dispatch({ type: "entry", entry: value });
        if (!closing.signal.aborted) live.reopen();
        return null;
      }
      // The first call of a browser without a cookie is refused and sets it.
      const isPassing = isAway(answer.refusal) || answer.refusal === "UNAUTHENTICATED";
      const triesMax =
        answer.refusal === "UNAUTHENTICATED" ? 2 : answer.refusal === "AWAY" ? 3 : JOIN_TRIES_MAX;
      if (!isPassing || tries >= triesMax || closing.signal.aborted) return answer.refusal;
      const waitMs = answer.refusal === "UNAUTHENTICATED" ? 0 : (answer.retryAfterMs ?? JOIN_AGAIN_MS);
      await pause(waitMs, closing.signal);
      if (closing.signal.aborted) return answer.refusal;
    }
  }

  /** By the socket, or by HTTP when that does not answer; then the entry is read again, whoever was told what. */
  async function shopperAct<Value>(
    event: ShopperEvent,
    payload: object,
    byHttp: () => Promise<Answer<Value>>,
    done: (value: Value) => void,
  ): Promise<ActRefusal | null> {
    const acknowledged = (await live.ask(event, payload)) as Value | { problem: Problem } | null;
    let refusal: ActRefusal | null = null;
    if (acknowledged === null) {
      const answer = await byHttp();
      if (answer.ok) done(answer.value);
      else refusal = answer.refusal;
    } else if (typeof acknowledged === "object" && "problem" in acknowledged) {
      refusal = acknowledged.problem.code as ActRefusal;
    } else {
      done(acknowledged);
    }
    if (!isAway(refusal)) await readEntry();
    return refusal;
  }

  /** Answers as soon as the entry is told as left. The socket tells it; where there is none it is asked for. */
  async function untilLeft(): Promise<void> {
    for (let looks = 0; looks < LEFT_LOOKS_MAX && mayLeave(); looks += 1) {
      await new Promise<void>((resolve) => {
        const stop = store.subscribe(() => {
          if (!mayLeave()) done();
        });
        const timer = setTimeout(done, LEFT_LOOK_MS);
        function done(): void {
          stop();
          clearTimeout(timer);
          resolve();
        }
      });
      if (mayLeave() && !live.isUp()) await readEntry();
    }
  }

  function mayLeave(): boolean {
    const { entry } = room();
    return entry !== null && (isLive(entry.state) || entry.state === "missed") && !closing.signal.aborted;
  }

  const holdId = () => {
    const { standing } = store.read().moment;
    return standing.kind === "offered" || standing.kind === "held" ? standing.holdId : "";
  };
  const takeHold = (value: { hold: Hold } | Claimed) => store.dispatch({ type: "hold", ...value });

  function watchTab(): void {
    if (typeof document === "undefined") return;
    const { signal } = closing;
    let hiddenAt = 0;
    const look = (): void => {
      if (document.hidden) hiddenAt = Date.now();
      else if (Date.now() - hiddenAt > HIDDEN_MS_MAX) void readSale();
    };
    document.addEventListener("visibilitychange", look, { signal });
    // What the device says is only a hint: it may be wrong in both directions, but it is early.
    addEventListener("offline", () => store.dispatch({ type: "link", link: "away" }), { signal });
    const online = (): void => {
      if (live.isUp()) store.dispatch({ type: "link", link: "live" });
      else live.reopen();
      polling.hurry();
    };
    addEventListener("online", online, { signal });
  }

  const entryId = () => room().kept?.entryId ?? "";
  return {
    adopt(joined) {
      const kept = { entryId: joined.entryId, token: joined.token };
      keeper.write(kept);
      keep(kept);
      store.dispatch({ type: "entry", entry: joined });
      live.reopen();
    },
    join: () => act("join", join),
    leave: () =>
      act("leave", async () => {
        const refusal = await shopperAct(
          "leave",
          {},
          () => api.leave(entryId()),
          () => undefined,
        );
        if (refusal === null) await untilLeft();
        return refusal;
      }),
    claim: () =>
      act("claim", () => shopperAct("claim", { holdId: holdId() }, () => api.claim(holdId()), takeHold)),
    release: () =>
      act("release", () =>
        shopperAct("release", { holdId: holdId() }, () => api.release(holdId()), takeHold),
      ),
    rejoin: () =>
      act("rejoin", () =>
        shopperAct(
          "rejoin",
          {},
          () => api.rejoin(entryId()),
          (entry: Entry) => store.dispatch({ type: "entry", entry }),
        ),
      ),
    close() {
      closing.abort();
      stopKeeping();
      clearTimeout(passTimer);
      polling.stop();
      live.close();
    },
  };
}

/** @returns after that time, or as soon as the signal is aborted */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

function isLive(state: EntryState): boolean {
  return state === "waiting" || state === "offered" || state === "held";
}

/** Nobody answered, or asked us to come back: nothing was decided. */
function isAway(refusal: ActRefusal | null): boolean {
  return refusal === "AWAY" || refusal === "BUSY" || refusal === "RATE_LIMITED";
}
