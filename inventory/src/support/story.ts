// What became of an entry, told step by step in plain sentences, from the rows of the ledger. Pure.
import type { StoryStep, StoryStepKind } from "@dropgate/contracts/entry-story";

export interface StorySource {
  joinedAt: Date;
  attempt: number;
  bucket: number;
  ticket: number | null;
  drawnAt: Date | null;
  rows: readonly {
    at: Date;
    act: string;
    unit: number | null;
    holdId: string | null;
    actor: string;
    actorName: string | null;
    data: Record<string, unknown>;
  }[];
}

type Row = StorySource["rows"][number];
type Told = [kind: StoryStepKind, sentence: string];

/** From the first step to the last. */
export function storyOf({ joinedAt, attempt, bucket, ticket, drawnAt, rows }: StorySource): StoryStep[] {
  const again = attempt === 1 ? "" : `, for the ${ordinal(attempt)} time`;
  const steps: StoryStep[] = [];
  // Of a rush nobody joins: the first row says that a unit was got.
  if (rows[0]?.act !== "attempted") {
    steps.push(step(joinedAt, ["joined", `Joined the line${again}.`], { bucket, attempt }));
  }
  if (ticket !== null && drawnAt !== null) {
    steps.push(step(drawnAt, ["drawn", `The order was drawn: ticket ${ticket}.`], { ticket, bucket }));
  }
  const claimed = new Set<string>();
  for (const row of rows) {
    if (row.act === "claimed" && row.holdId !== null) claimed.add(row.holdId);
    const told = tellRow(row, row.holdId !== null && claimed.has(row.holdId));
    steps.push({ ...step(row.at, told, row.data), ...whoOf(row), unit: row.unit, holdId: row.holdId });
  }
  return steps.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function step(at: Date, [kind, sentence]: Told, data: Record<string, unknown>): StoryStep {
  return {
    at: at.toISOString(),
    kind,
    sentence,
    unit: null,
    holdId: null,
    actor: null,
    actorName: null,
    reason: null,
    data,
  };
}

function whoOf({ actor, actorName, data }: Row): Pick<StoryStep, "actor" | "actorName" | "reason"> {
  return { actor, actorName, reason: typeof data.reason === "string" ? data.reason : null };
}

/** @param isClaimed whether the row's hold was claimed before */
function tellRow(row: Row, isClaimed: boolean): Told {
  const { act, unit, data } = row;
  switch (act) {
    case "offered":
      return [
        "offered",
        data.rejoin === true ? `Offered unit ${unit}, out of turn.` : `Offered unit ${unit}.`,
      ];
    case "attempted":
      return ["got", `Got unit ${unit}.`];
    case "claimed":
      return ["claimed", `Claimed unit ${unit}.`];
    case "payment.started":
      return ["payment_started", `Payment for unit ${unit} began, with more time.`];
    case "confirmed":
      return ["confirmed", `Bought unit ${unit} with order ${String(data.orderId)}.`];
    case "replaced":
      return [
        "confirmed_late",
        `Paid late; unit ${unit} was still free and was bought with order ${String(data.orderId)}.`,
      ];
    case "allocated":
      return ["allocated", `The order for unit ${unit} was handed to the warehouse.`];
    case "lapsed":
      return ["lapsed", `The offer of unit ${unit} lapsed unclaimed.`];
    case "expired":
      return ["expired", `The time to pay for unit ${unit} ran out.`];
    case "released":
      return tellRelease(row, isClaimed);
    case "cancelled":
      return ["cancelled", `Order ${String(data.orderId)} was cancelled; unit ${unit} went back.`];
    case "entry.rejoined":
      return ["rejoined", "Came back after the missed offer, for the next free unit."];
    case "entry.left":
      return ["left", data.joinedAgain === true ? "Left for a new place in line." : "Left the line."];
    case "entry.limit":
      return ["left_at_limit", "Was passed over: the shopper has bought all that one person may."];
    case "entry.restored":
      return ["restored", tellRestore(row)];
    default:
      return ["other", unit === null ? `${act}.` : `${act}, unit ${unit}.`];
  }
}

function tellRelease({ unit, actor, data }: Row, isClaimed: boolean): Told {
  if (data.left === true) return ["left", `Left the line; unit ${unit} went back.`];
  if (actor === "merchant") return ["released", `The shop gave unit ${unit} back.`];
  return isClaimed ? ["released", `Gave unit ${unit} back.`] : ["passed", `Passed on unit ${unit}.`];
}

function tellRestore({ actor, actorName, data }: Row): string {
  const by = actorName ?? actor;
  const where = data.next === true ? "for the next free unit" : "where the ticket says";
  return `The place was given back by ${by}, ${where}: ${String(data.reason)}`;
}

function ordinal(n: number): string {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(n);
  return `${n}${{ one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" }[rule]}`;
}
