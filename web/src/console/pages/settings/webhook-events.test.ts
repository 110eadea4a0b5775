import { WEBHOOK_EVENT_TYPES } from "@dropgate/contracts/webhooks";
import { expect, test } from "vitest";
import { ALL_EVENTS, eventsOf } from "./webhook-events.ts";

test("events are named with commas between them, each once, and none is left out in silence", () => {
  expect(eventsOf(ALL_EVENTS)).toEqual(WEBHOOK_EVENT_TYPES);
  expect(eventsOf(" sale.phase,, sale.phase ,sale.phases,")).toEqual(["sale.phase", "sale.phases"]);
  expect(eventsOf(" ")).toEqual([]);
});
