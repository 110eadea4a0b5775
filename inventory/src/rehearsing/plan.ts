// What a rehearsal of a sale is to be: the copy, made small enough and quick enough to be played through, and its course
// as it should be.
import { RATE_PER_SECOND_MAX } from "@dropgate/contracts/limits";
import type { RehearsalCreate } from "@dropgate/contracts/rehearsal";
import { allHaveCome, predictCurve, type RehearsalShape } from "@dropgate/contracts/rehearsal-curve";
import { CURVE_POINTS_MAX, REHEARSAL_MS_MAX } from "@dropgate/contracts/room-limits";
import type { SaleCreate } from "@dropgate/contracts/sale";
import type { Curve } from "@dropgate/sql/rehearsals/rehearsal-row";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";

/** A rehearsal waits for nobody longer than this: of a longer window nothing new is learned. */
const WINDOW_SECONDS_MAX = 300;
/** Between the last shopper's coming and the draw: joins that were tried again are in by then. */
const BEFORE_DRAW_SECONDS = 3;
/** Over how long they come at speed 1, and how many come in a second at most: a gateway on two cores takes ten times that. */
const COME_WITHIN_SECONDS = 20;
const PER_SECOND_MAX = 250;
/** A rush opens while they come: in it the first to try are the first to get. */
const RUSH_OPENS_SECOND = 1;
/** Until a worker begins it. */
const UNBEGUN_MS = 86_400_000;

export interface RehearsalPlan {
  sale: SaleCreate;
  shape: RehearsalShape;
  predicted: Curve;
}

/**
 * Pure. The copy brings its own units, no more than these shoppers could ever use; it has no checkout, no challenge and
 * asks nobody who they are. A lottery opens when its shoppers have come, a rush as they begin to; until a worker begins it that lies a day ahead.
 */
export function planRehearsal(
  sale: SaleRow,
  { shoppers, behaviour, speed }: RehearsalCreate,
  chances: { saleId: string },
  now: Date,
): RehearsalPlan {
  const quantity = Math.min(sale.quantity - sale.withdrawn, 2 * shoppers);
  const within = (seconds: number): number =>
    Math.max(2, Math.round(Math.min(seconds, WINDOW_SECONDS_MAX) / speed));
  const perSecond = Math.min(
    PER_SECOND_MAX,
    Math.max(5, Math.ceil((speed * shoppers) / COME_WITHIN_SECONDS)),
  );
  const isRush = sale.kind === "rush";
  const shape: RehearsalShape = {
    kind: sale.kind,
    shoppers,
    perSecond,
    opensSecond: isRush
      ? RUSH_OPENS_SECOND
      : Math.ceil(allHaveCome({ shoppers, perSecond })) + BEFORE_DRAW_SECONDS,
    quantity: Math.max(1, quantity),
    ratePerSecond: Math.min(RATE_PER_SECOND_MAX, sale.ratePerSecond * speed),
    burst: sale.burst,
    claimWindowSeconds: within(sale.claimWindowSeconds),
    purchaseWindowSeconds: within(sale.purchaseWindowSeconds),
    behaviour,
    speed,
  };
  const at = (ms: number): string => new Date(now.getTime() + ms).toISOString();
  return {
    sale: {
      id: chances.saleId,
      title: sale.title,
      sku: sale.sku,
      source: "own",
      kind: sale.kind,
      quantity: shape.quantity,
      poolCount: Math.min(sale.poolCount, shape.quantity),
      limitPerShopper: sale.limitPerShopper,
      identity: "anonymous",
      challenge: "off",
      ...(sale.imageUrl !== null && { imageUrl: sale.imageUrl }),
      ...(sale.description !== null && { description: sale.description }),
      schedule: {
        lobbyAt: at(0),
        ...(!isRush && { drawAt: at(UNBEGUN_MS) }),
        opensAt: at(UNBEGUN_MS),
        closesAt: at(UNBEGUN_MS + REHEARSAL_MS_MAX),
      },
      admission: { ratePerSecond: shape.ratePerSecond, burst: shape.burst },
      claimWindowSeconds: shape.claimWindowSeconds,
      purchaseWindowSeconds: shape.purchaseWindowSeconds,
      paymentExtensionSeconds: within(sale.paymentExtensionSeconds),
    },
    shape,
    predicted: predictCurve(shape, REHEARSAL_MS_MAX / 1_000, CURVE_POINTS_MAX),
  };
}
