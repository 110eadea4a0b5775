// Themes as PostgreSQL has them: a row for each change, the newest of a sale, or of none for all sales, being the theme.
import type { Theme } from "@dropgate/contracts/theme";
import type { Statements } from "../truth.ts";

export interface ThemeChangeRow {
  version: number;
  at: Date;
  /** Null: for all sales. */
  saleId: string | null;
  actor: string;
  /** Null: the sale's own was taken away. */
  theme: Theme | null;
}

const COLUMNS = `id AS version, at, sale_id AS "saleId", actor, theme`;

/** The newest change; null: nobody has made one. */
export async function readTheme(truth: Statements, saleId: string | null): Promise<ThemeChangeRow | null> {
  const { rows } = await truth.query<ThemeChangeRow>(
    `SELECT ${COLUMNS} FROM theme_changes WHERE sale_id IS NOT DISTINCT FROM $1 ORDER BY id DESC LIMIT 1`,
    [saleId],
  );
  return rows[0] ?? null;
}

/** The newest change of each sale that has any, and of the theme for all sales. */
export async function readThemes(truth: Statements): Promise<ThemeChangeRow[]> {
  const { rows } = await truth.query<ThemeChangeRow>(
    `SELECT DISTINCT ON (sale_id) ${COLUMNS} FROM theme_changes ORDER BY sale_id, id DESC`,
  );
  return rows;
}

/** The number of the newest change of any theme; 0: there is none. */
export async function readThemesVersion(truth: Statements): Promise<number> {
  const { rows } = await truth.query<{ version: number }>(
    "SELECT coalesce(max(id), 0) AS version FROM theme_changes",
  );
  return rows[0]?.version ?? 0;
}

/** Within the caller's transaction. */
export async function insertThemeChange(
  tx: Statements,
  { saleId, actor, theme }: Pick<ThemeChangeRow, "saleId" | "actor" | "theme">,
): Promise<ThemeChangeRow> {
  // One at a time, so that numbers rise as changes commit: whoever has seen a number has seen all before it.
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('dropgate theme'))");
  const { rows } = await tx.query<ThemeChangeRow>(
    `INSERT INTO theme_changes (sale_id, actor, theme) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
    [saleId, actor, theme === null ? null : JSON.stringify(theme)],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("an insert returned no row");
  return row;
}

/** The newest first. @param saleId of all themes, when absent */
export async function listThemeChanges(
  truth: Statements,
  saleId: string | undefined,
  before: number | null,
  limit: number,
): Promise<ThemeChangeRow[]> {
  const { rows } = await truth.query<ThemeChangeRow>(
    `SELECT ${COLUMNS} FROM theme_changes
     WHERE ($1::text IS NULL OR sale_id = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [saleId ?? null, before, limit],
  );
  return rows;
}
