// Who made, changed or took away what of the settings: written in the transaction of the act, never changed.
import type { SettingsAct } from "@dropgate/contracts/settings-acts";
import type { Statements } from "../truth.ts";

export interface SettingsActRow {
  id: number;
  at: Date;
  act: SettingsAct;
  subject: string;
  actor: string;
  data: Record<string, unknown>;
}

export async function insertSettingsAct(
  tx: Statements,
  { act, subject, actor, data = {} }: Pick<SettingsActRow, "act" | "subject" | "actor"> & { data?: object },
): Promise<void> {
  await tx.query("INSERT INTO settings_acts (act, subject, actor, data) VALUES ($1, $2, $3, $4)", [
    act,
    subject,
    actor,
    JSON.stringify(data),
  ]);
}

/** The newest first. @param subject of all, when absent */
export async function listSettingsActs(
  truth: Statements,
  subject: string | undefined,
  before: number | null,
  limit: number,
): Promise<SettingsActRow[]> {
  const { rows } = await truth.query<SettingsActRow>(
    `SELECT id, at, act, subject, actor, data FROM settings_acts
     WHERE ($1::text IS NULL OR subject = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [subject ?? null, before, limit],
  );
  return rows;
}
