// What anybody may know of the sales, and joining one.
import type { Joined } from "@dropgate/contracts/entry";
import type { Shopper } from "@dropgate/contracts/ids";
import { SALE_LIST_MS } from "@dropgate/contracts/limits";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import { listSales, type SaleCursor } from "@dropgate/sql/sales/sale-row";
import { countedAs } from "../edge/address.ts";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json, type Reply } from "../edge/reply.ts";
import { entryView } from "../joining/entry-view.ts";
import type { Joined as JoinedCard } from "../joining/joining.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { knownSaleView } from "../sales/sale-view.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, readCursor, writeCursor } from "./cursor.ts";

/** An entry token outlives its sale by this, so that its shopper can still see how it ended. */
const TOKEN_AFTER_CLOSE_SECONDS = 30 * 86_400;

export function saleRoutes(services: Services): Pick<Handlers, "listSales" | "getSale" | "join"> {
  const { sales, bodies, callers } = services;
  const lists = new Map<string, { answer: Promise<Answer>; untilMs: number }>();

  async function list(after: SaleCursor | null, limit: number): Promise<Answer> {
    const page = await listSales(services.truth, after, limit + 1);
    const items = [];
    for (const { sale } of page.slice(0, limit))
      items.push(knownSaleView(await sales.take(sale), Date.now()));
    const last = page.length > limit ? page[limit - 1] : undefined;
    return json(200, {
      items,
      nextCursor: last ? writeCursor(last.cursor.createdMicros, last.cursor.id) : null,
    });
  }

  return {
    listSales(call) {
      const after = readCursor(call.query.cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const name = `${call.query.cursor ?? ""}|${call.query.limit}`;
      const there = lists.get(name);
      if (there && there.untilMs > performance.now()) return there.answer;
      if (lists.size > 100) lists.clear();
      const answer = list(after, call.query.limit);
      lists.set(name, { answer, untilMs: performance.now() + SALE_LIST_MS });
      answer.catch(() => lists.delete(name));
      return answer;
    },

    getSale(call) {
      if (call.head.authorization === "" && callers.cookies.read(call.head.cookie) === null) {
        call.setCookie(callers.cookies.fresh());
      }
      const found = sales.find(parameter(call, "saleId"));
      const show = (sale: KnownSale | null): Reply =>
        sale === null ? refuse("SALE_NOT_FOUND") : { ok: true, status: 200, body: bodies.body(sale) };
      return found instanceof Promise ? found.then(show) : show(found);
    },

    join(call) {
      const found = sales.find(parameter(call, "saleId"));
      return found instanceof Promise
        ? found.then((sale) => joinSale(services, call, sale))
        : joinSale(services, call, found);
    },
  };
}

function joinSale(services: Services, call: Call<"join">, sale: KnownSale | null): Reply | Promise<Reply> {
  if (sale === null) return refuse("SALE_NOT_FOUND");
  const { who } = call;
  if (who.kind === "nobody") {
    // The cookie comes with the refusal: two parallel first calls must not make two shoppers.
    call.setCookie(services.callers.cookies.fresh());
    return refuse("UNAUTHENTICATED");
  }
  if (who.kind !== "shopper")
    return refuse("TOKEN_INVALID", { detail: "Join with the cookie or a shopper JWT." });
  const barred = barJoin(services, sale, who, call);
  if (barred !== null) return barred;
  const joined = services.joining.join(sale, who.shopper);
  if (!(joined instanceof Promise)) return joined;
  return joined.then((answer) =>
    answer.ok ? joinedAnswer(services, sale, who.shopper, answer.value) : answer,
  );
}

/** Why this shopper may not join this sale now; null: they may. */
function barJoin(
  services: Services,
  sale: KnownSale,
  who: Extract<Call["who"], { kind: "shopper" }>,
  call: Call<"join">,
): Refusal | null {
  if (who.by === "jwt") {
    if (who.sale !== null && who.sale !== sale.id) {
      return refuse("FORBIDDEN", { detail: "The token is for another sale." });
    }
  } else {
    if (sale.row.identity === "merchant") return refuse("IDENTITY_REQUIRED");
    if (sale.row.challenge === "on") return refuse("CHALLENGE_REQUIRED");
    const { joinsByAddress } = services;
    const waitMs = joinsByAddress?.take(countedAs(call.address()), performance.now()) ?? 0;
    if (waitMs > 0) return limited(waitMs);
  }
  const waitMs = services.joinsByShopper.take(who.shopper, performance.now());
  return waitMs > 0 ? limited(waitMs) : null;
}

/** Spread over as much again, so that those who were refused together don't come back together. */
function limited(waitMs: number): Refusal {
  return refuse("RATE_LIMITED", { retryAfterMs: Math.ceil(waitMs * (1 + Math.random())) });
}

function joinedAnswer(
  services: Services,
  sale: KnownSale,
  shopper: Shopper,
  { isNew, entryId, card }: JoinedCard,
): Answer | Promise<Answer> {
  const token = services.callers.entryTokens.make({
    sale: sale.id,
    entry: entryId,
    shopper,
    attempt: card.attempt,
    bucket: card.bucket,
    exp: Math.ceil(sale.row.closesAt.getTime() / 1_000) + TOKEN_AFTER_CLOSE_SECONDS,
  });
  const status = isNew ? 201 : 200;
  if (card.state === "purchased") {
    return services.entries
      .view(sale, entryId, card)
      .then((entry) => json(status, { ...entry, token } satisfies Joined));
  }
  const entry = entryView(entryId, card, {
    id: sale.id,
    phase: sale.phase,
    serving: sale.serving,
    allSold: sale.allSold,
  });
  return json(status, { ...entry, token } satisfies Joined);
}
