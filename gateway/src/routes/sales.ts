// What anybody may know of the sales, joining one, and a try to get a unit of a rush.
import type { Joined } from "@dropgate/contracts/entry";
import type { Attempted } from "@dropgate/contracts/hold";
import type { Shopper } from "@dropgate/contracts/ids";
import { SALE_LIST_MS } from "@dropgate/contracts/limits";
import { refuse } from "@dropgate/contracts/refusals";
import { listSales, type SaleCursor } from "@dropgate/sql/sales/sale-row";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json, type Reply } from "../edge/reply.ts";
import { holdView } from "../holds/hold-view.ts";
import { admitShopper } from "../joining/admit-shopper.ts";
import { entryView } from "../joining/entry-view.ts";
import type { Joined as JoinedCard } from "../joining/joining.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { knownSaleView } from "../sales/sale-view.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, readCursor, writeCursor } from "./cursor.ts";

/** An entry token outlives its sale by this, so that its shopper can still see how it ended. */
const TOKEN_AFTER_CLOSE_SECONDS = 30 * 86_400;

export function saleRoutes(services: Services): Pick<Handlers, "listSales" | "getSale" | "join" | "attempt"> {
  const { sales, bodies, callers } = services;
  const lists = new Map<string, { answer: Promise<Answer>; untilMs: number }>();

  async function list(after: SaleCursor | null, limit: number): Promise<Answer> {
    const page = await listSales(services.truth, after, limit + 1, "without");
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

    attempt(call) {
      const found = sales.find(parameter(call, "saleId"));
      return found instanceof Promise
        ? found.then((sale) => attemptSale(services, call, sale))
        : attemptSale(services, call, found);
    },
  };
}

function joinSale(services: Services, call: Call<"join">, sale: KnownSale | null): Reply | Promise<Reply> {
  if (sale === null) return refuse("SALE_NOT_FOUND");
  const admitted = admitShopper(services, sale, call);
  if (!admitted.ok) return admitted;
  if (sale.row.kind === "rush") {
    return refuse("WRONG_STATE", { detail: "A rush has no line: POST attempts when it is open." });
  }
  const shopper = admitted.value;
  const joined = services.joining.join(sale, shopper);
  if (!(joined instanceof Promise)) return joined;
  return joined.then((answer) => (answer.ok ? joinedAnswer(services, sale, shopper, answer.value) : answer));
}

function attemptSale(
  services: Services,
  call: Call<"attempt">,
  sale: KnownSale | null,
): Reply | Promise<Reply> {
  if (sale === null) return refuse("SALE_NOT_FOUND");
  const admitted = admitShopper(services, sale, call, (shopper) => services.rush.answerAlone(sale, shopper));
  if (!admitted.ok) return admitted;
  const got = services.rush.attempt(sale, admitted.value);
  if (!(got instanceof Promise)) return got;
  return got.then(async (answer) => {
    if (!answer.ok) return answer;
    const { hold, attempt } = answer.value;
    const { paymentExtensionSeconds } = sale.row;
    const pass = await services.passes.sign({ ...hold, paymentExtensionSeconds });
    const token = entryToken(services, sale, {
      entryId: hold.entryId,
      shopper: admitted.value,
      attempt,
      bucket: 0,
    });
    return json(200, { hold: holdView(hold), pass, token } satisfies Attempted);
  });
}

function entryToken(
  services: Services,
  sale: KnownSale,
  entry: { entryId: string; shopper: Shopper; attempt: number; bucket: number },
): string {
  return services.callers.entryTokens.make({
    sale: sale.id,
    entry: entry.entryId,
    shopper: entry.shopper,
    attempt: entry.attempt,
    bucket: entry.bucket,
    exp: Math.ceil(sale.row.closesAt.getTime() / 1_000) + TOKEN_AFTER_CLOSE_SECONDS,
  });
}

function joinedAnswer(
  services: Services,
  sale: KnownSale,
  shopper: Shopper,
  { isNew, entryId, card }: JoinedCard,
): Answer | Promise<Answer> {
  const token = entryToken(services, sale, {
    entryId,
    shopper,
    attempt: card.attempt,
    bucket: card.bucket,
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
  // A token has no letter that JSON would have to write otherwise.
  const body = `${JSON.stringify(entry).slice(0, -1)},"token":"${token}"}`;
  return { ok: true, status, body };
}
