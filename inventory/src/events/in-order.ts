// Which of the events that are due may be applied now: of a location that numbers them, those whose turn it is.
export interface Numbered {
  eventId: string;
  locationId: string;
  sequence: number | null;
}

/**
 * Pure. A number that is past already (its gap was given up) is applied when it comes after all.
 * @param events by location and number, those without one as they came
 * @param next the number that each location's next event must have; absent: 1
 */
export function inOrder<Event extends Numbered>(
  events: readonly Event[],
  next: ReadonlyMap<string, number>,
): { ready: Event[]; early: Event[] } {
  const expected = new Map(next);
  const ready: Event[] = [];
  const early: Event[] = [];
  for (const event of events) {
    const { locationId, sequence } = event;
    const turn = expected.get(locationId) ?? 1;
    if (sequence === null || sequence < turn) ready.push(event);
    else if (sequence === turn) {
      ready.push(event);
      expected.set(locationId, turn + 1);
    } else early.push(event);
  }
  return { ready, early };
}
