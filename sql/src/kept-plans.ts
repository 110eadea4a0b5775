// What a kept plan reads, for tests: a prepared statement may be planned once for whatever values, and kept when the
// tables have become a hundred times as large.
import type { Statements } from "./truth.ts";

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Plans?: Plan[];
}

/** The tables and indexes that the statement would read without a key, by the plan that a connection of ours may keep. */
export async function wholeReadsOf(tx: Statements, text: string): Promise<string[]> {
  const { rows } = await tx.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`,
  );
  return rows.flatMap(({ "QUERY PLAN": plans }) => wholeReads(plans[0].Plan));
}

function wholeReads(plan: Plan): string[] {
  const { "Node Type": type, "Index Cond": key, Plans: parts = [] } = plan;
  const table = plan["Relation Name"] ?? plan["Index Name"];
  // The key of a bitmap's heap is that of its index, below it.
  const isWhole = table !== undefined && /(Seq|Index|Only) Scan$/.test(type) && key === undefined;
  return [...(isWhole ? [`${type} of ${table}`] : []), ...parts.flatMap(wholeReads)];
}
