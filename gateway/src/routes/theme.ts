// How the waiting room looks, as operators set it: what people could not read is refused, every change has its author.

import type { Refusal } from "@dropgate/contracts/refusals";
import { refuse } from "@dropgate/contracts/refusals";
import type { Theme, ThemeAnswer } from "@dropgate/contracts/theme";
import { type ContrastFault, contrastFaults, SCHEMES } from "@dropgate/contracts/theme-colors";
import {
  insertThemeChange,
  listThemeChanges,
  readTheme,
  type ThemeChangeRow,
} from "@dropgate/sql/themes/theme-changes";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { json, type Reply } from "../edge/reply.ts";
import { actorOf } from "../inventory/changes.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type ThemeRoutes = Pick<
  Handlers,
  "getTheme" | "putTheme" | "listThemeChanges" | "getSaleTheme" | "putSaleTheme" | "deleteSaleTheme"
>;

export function themeRoutes({ truth, sales, idempotency, themes }: Services): ThemeRoutes {
  async function show(saleId: string | null): Promise<Reply> {
    return json(200, themeAnswer(await readTheme(truth, saleId)));
  }

  async function change(
    call: Pick<Call, "who" | "idempotency">,
    saleId: string | null,
    theme: Theme | null,
  ): Promise<Reply> {
    const refusal = theme === null ? null : judgeColors(theme);
    if (refusal !== null) return refusal;
    const reply = await idempotency.once(call.idempotency, async (tx) =>
      json(200, themeAnswer(await insertThemeChange(tx, { saleId, actor: actorOf(call), theme }))),
    );
    themes.forget();
    return reply;
  }

  const ofSale = async (
    call: Pick<Call, "parameters">,
    answer: (saleId: string) => Promise<Reply>,
  ): Promise<Reply> => {
    const saleId = parameter(call, "saleId");
    return (await sales.find(saleId)) === null ? refuse("SALE_NOT_FOUND") : answer(saleId);
  };

  return {
    getTheme: () => show(null),
    putTheme: (call) => change(call, null, call.body),
    getSaleTheme: (call) => ofSale(call, show),
    putSaleTheme: (call) => ofSale(call, (saleId) => change(call, saleId, call.body)),
    deleteSaleTheme: (call) => ofSale(call, (saleId) => change(call, saleId, null)),

    async listThemeChanges({ query }) {
      const before = readCursor(query.cursor, { version: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const rows = await listThemeChanges(
        truth,
        query.saleId,
        before && Number(before.version),
        query.limit + 1,
      );
      return json(
        200,
        pageOf(
          rows,
          query.limit,
          ({ version, at, saleId, actor, theme }) => ({
            version,
            at: at.toISOString(),
            saleId,
            changedBy: actor,
            theme,
          }),
          ({ version }) => [version],
        ),
      );
    },
  };
}

function themeAnswer(row: ThemeChangeRow | null): ThemeAnswer {
  return {
    theme: row?.theme ?? {},
    version: row?.version ?? 0,
    changedAt: row?.at.toISOString() ?? null,
    changedBy: row?.actor ?? null,
  };
}

/** Why these colours will not do; null: everybody can read them. */
function judgeColors({ colors }: Theme): Refusal | null {
  const faults = SCHEMES.flatMap((scheme) => {
    const given = colors?.[scheme];
    return given === undefined ? [] : contrastFaults(scheme, given);
  });
  if (faults.length === 0) return null;
  return refuse("CONTRAST_TOO_LOW", { errors: mergedByColor(faults) });
}

/** One error a colour: what is wrong with it on either ground. */
function mergedByColor(faults: readonly ContrastFault[]): { pointer: string; detail: string }[] {
  const errors = new Map<string, string>();
  for (const { scheme, color, on, ratio, needed } of faults) {
    const pointer = `/colors/${scheme}/${color}`;
    const before = errors.get(pointer);
    const says = `On ${on} its contrast is ${ratio}:1, and ${needed}:1 is needed.`;
    errors.set(pointer, before === undefined ? says : `${before} ${says}`);
  }
  return [...errors].map(([pointer, detail]) => ({ pointer, detail }));
}
