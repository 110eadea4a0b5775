// Takes what a warehouse tells: each event is held against its type's schema by itself, and the good ones are durable
// before the answer. A worker applies them.
import { createHash } from "node:crypto";
import { WMS_EVENT_AHEAD_MS_MAX } from "@dropgate/contracts/warehouse-limits";
import {
  WMS_EVENT_SCHEMAS,
  WMS_EVENT_TYPES,
  type WmsAnswer,
  type WmsEvent,
  type WmsEventType,
} from "@dropgate/contracts/wms";
import { newAlertId } from "@dropgate/inventory/ids";
import type { Truth } from "@dropgate/sql";
import { raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { type NewEvent, takeEvents } from "@dropgate/sql/wms/inbox";

type Rejected = WmsAnswer["rejected"][number];
type Read = { event: WmsEvent } | { rejected: Rejected };

/**
 * @param mayTell whether who signed this speaks for a location
 * @throws when PostgreSQL is away: nothing was taken, or all; telling it again is safe
 */
export async function tellEvents(
  truth: Truth,
  body: unknown,
  mayTell: (locationId: string) => boolean,
  nowMs: number,
): Promise<WmsAnswer> {
  const told = Array.isArray(body) ? body : [body];
  const read = told.map((value: unknown, index) => readEvent(value, index, mayTell, nowMs));
  const rejected = read.flatMap((each) => ("rejected" in each ? [each.rejected] : []));
  const events = read.flatMap((each, index) => ("event" in each ? [{ index, ...newEvent(each.event) }] : []));
  // The first of an id is taken; what else is told under it in the same breath is held against that.
  const first = new Map<string, (typeof events)[number]>();
  let duplicates = 0;
  for (const event of events) {
    const other = first.get(event.eventId);
    if (other === undefined) first.set(event.eventId, event);
    else if (Buffer.compare(other.hash, event.hash) === 0) duplicates++;
    else rejected.push(conflict(event.index, event.eventId));
  }
  const taken = await truth.transaction(async (tx) => {
    const outcome = await takeEvents(tx, [...first.values()]);
    const conflicts = [...first.values()].filter(({ eventId }) => outcome.get(eventId) === "conflict");
    await raiseAlerts(
      tx,
      conflicts.map(({ eventId, locationId, body: other }) => ({
        id: newAlertId(),
        kind: "event_conflict",
        subject: eventId,
        locationId,
        detail: `Another event was told under the id ${eventId}; the first one counts.`,
        data: { eventId, other },
      })),
    );
    return outcome;
  });
  let accepted = 0;
  for (const { eventId, index } of first.values()) {
    const fate = taken.get(eventId);
    if (fate === "new") accepted++;
    else if (fate === "same") duplicates++;
    else rejected.push(conflict(index, eventId));
  }
  return { accepted, duplicates, rejected: rejected.toSorted((a, b) => a.index - b.index) };
}

function conflict(index: number, eventId: string): Rejected {
  return {
    index,
    eventId,
    code: "EVENT_CONFLICT",
    detail: "Another event has this id; the first one counts.",
  };
}

function readEvent(
  value: unknown,
  index: number,
  mayTell: (locationId: string) => boolean,
  nowMs: number,
): Read {
  const eventId =
    isRecord(value) && typeof value["eventId"] === "string" ? value["eventId"].slice(0, 128) : null;
  const reject = (code: string, detail: string): Read => ({ rejected: { index, eventId, code, detail } });
  if (!isRecord(value)) return reject("INVALID_EVENT", "It is not an object.");
  const type = value["eventType"];
  if (!isType(type)) return reject("UNKNOWN_EVENT_TYPE", `The types are ${WMS_EVENT_TYPES.join(", ")}.`);
  const parsed = WMS_EVENT_SCHEMAS[type].safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return reject("INVALID_EVENT", `/${issue?.path.join("/")}: ${issue?.message}`);
  }
  if (!mayTell(parsed.data.locationId)) {
    const detail = `This message is signed under a secret that does not speak for ${parsed.data.locationId}: sign its events under the secret that this location shares with us.`;
    return reject("SIGNED_FOR_ANOTHER_LOCATION", detail);
  }
  if (Date.parse(parsed.data.timestamp) > nowMs + WMS_EVENT_AHEAD_MS_MAX) {
    return reject("EVENT_FROM_THE_FUTURE", "Its timestamp lies more than ten minutes ahead.");
  }
  return { event: parsed.data };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isType(value: unknown): value is WmsEventType {
  return typeof value === "string" && Object.hasOwn(WMS_EVENT_SCHEMAS, value);
}

function newEvent(event: WmsEvent): NewEvent {
  return {
    eventId: event.eventId,
    eventType: event.eventType,
    locationId: event.locationId,
    sequence: event.sequence ?? null,
    happenedAt: new Date(event.timestamp),
    body: event,
    // As it was read, which has its fields in the schema's order: another order of the same fields is the same event.
    hash: createHash("sha256").update(JSON.stringify(event)).digest(),
  };
}
