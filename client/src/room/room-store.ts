// The page's one store: news goes in, moments come out, by an event or by the passing of time. React reads it with
// useSyncExternalStore; nothing else on the page keeps a state that another tab would not have.
import { type Moment, nextMoment } from "./moment.ts";
import { emptyRoom, type RoomEvent, type RoomState, reduceRoom } from "./room-state.ts";

export interface Snapshot {
  room: RoomState;
  moment: Moment;
}

export interface RoomStore {
  read: () => Snapshot;
  dispatch: (event: RoomEvent) => void;
  /** @returns the way to stop listening */
  subscribe: (listener: () => void) => () => void;
  /** Time stands still from now on, and nobody is told of anything any more. */
  close: () => void;
}

/** Figures that glide are drawn this often; countdowns once a second, on the second. */
const GLIDE_MS = 250;
/** Between two looks our clock and the steady one may differ by this; more is a jump. */
const JUMP_MS = 1_000;

/** Begins to keep time at once. */
export function openRoomStore(saleId: string, first: readonly RoomEvent[]): RoomStore {
  const listeners = new Set<() => void>();
  let room = emptyRoom(saleId, Date.now());
  for (const event of first) room = reduceRoom(room, event, Date.now());
  let snapshot: Snapshot = { room, moment: nextMoment(null, room, Date.now()) };
  let steadyOffset = Date.now() - performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function publish(next: RoomState): void {
    snapshot = { room: next, moment: nextMoment(snapshot.moment, next, Date.now()) };
    for (const listener of listeners) listener();
  }

  function dispatch(event: RoomEvent): void {
    if (isClosed) return;
    const next = reduceRoom(snapshot.room, event, Date.now());
    if (next !== snapshot.room) publish(next);
  }

  function look(): void {
    const offset = Date.now() - performance.now();
    const hasJumped = Math.abs(offset - steadyOffset) > JUMP_MS;
    steadyOffset = offset;
    if (hasJumped) dispatch({ type: "clockJumped" });
    else publish(snapshot.room);
    lookAgain();
  }

  function lookAgain(): void {
    const { serverNow, line } = snapshot.moment;
    const untilSecond = 1_000 - ((serverNow ?? Date.now()) % 1_000);
    timer = setTimeout(look, line === null ? untilSecond : Math.min(GLIDE_MS, untilSecond));
  }
  lookAgain();

  return {
    read: () => snapshot,
    dispatch,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
