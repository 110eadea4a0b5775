// What the tests of the checks play on: finished sales in a database of their own and in the run's Redis, and
// a way to spoil one thing and see which checks notice.
import type { Report, ReportCheckName } from "@dropgate/contracts/report";
import { HotStore } from "@dropgate/lua";
import type { LaneStore } from "@dropgate/lua/lane-store";
import type { Statements, Truth } from "@dropgate/sql";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { expect } from "vitest";
import { rebuildLane } from "../rebuilding.ts";
import { aFinishedSale, type FinishedSale } from "./a-finished-sale.ts";
import { saleReport } from "./report.ts";
import { closePages } from "./write-story.ts";

export type Spoil = (tx: Statements, sale: FinishedSale) => Promise<unknown>;

/** What the check under test does not judge is brought in line with what was spoiled. */
export interface InLine {
  /** The ledger's pages are closed anew. */
  pages?: boolean;
  /** Redis is filled from the spoiled rows instead of the good ones. */
  redis?: boolean;
}

/** What makes things impossible has to go, or nobody could show that the checks look. */
const NO_CONSTRAINTS = `DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u')
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.relation, it.conname); END LOOP;
  FOR it IN SELECT indexrelid::regclass AS index FROM pg_index JOIN pg_class c ON c.oid = indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND indisunique AND NOT indisprimary
  LOOP EXECUTE format('DROP INDEX %s', it.index); END LOOP;
END $$`;

export class ProofStage {
  readonly hotStore: HotStore;
  readonly #database: TestDatabase;

  private constructor(database: TestDatabase, hotStore: HotStore) {
    this.#database = database;
    this.hotStore = hotStore;
  }

  /** @param constraints "none": keys stay, but what is unique or checked beside them may be spoiled */
  static async open(
    stores: { databaseUrl: string; redisUrl: string },
    constraints: "all" | "none",
  ): Promise<ProofStage> {
    const database = await testDatabase(stores.databaseUrl);
    if (constraints === "none") await database.truth.query(NO_CONSTRAINTS);
    const stage = new ProofStage(database, new HotStore({ url: stores.redisUrl }));
    await stage.hotStore.whenReady(10_000);
    return stage;
  }

  get truth(): Truth {
    return this.#database.truth;
  }

  async close(): Promise<void> {
    await this.hotStore.close();
    await this.#database.drop();
  }

  /** A sale of its own for each test, in PostgreSQL and in Redis. */
  async aSale(): Promise<FinishedSale> {
    const sale = await aFinishedSale(this.truth);
    await this.#fillRedis(sale);
    return sale;
  }

  async #fillRedis({ saleId }: FinishedSale): Promise<void> {
    for (const lane of [0, 1, 2, 3]) await rebuildLane(this.truth, this.hotStore, saleId, lane, 0);
  }

  laneOf({ saleId }: FinishedSale, lane: number): LaneStore {
    const runId = this.hotStore.runIdOf({ saleId, lane });
    return this.hotStore.lane({ saleId, lane, epoch: 1, runId });
  }

  /** The report, once no transaction of anybody's holds the horizon below the sale's last row. */
  async reportOf({ saleId }: FinishedSale): Promise<Report> {
    const isSeen = async (): Promise<boolean | undefined> => {
      const { rows } = await this.truth.query<{ seen: boolean }>(
        `SELECT pg_snapshot_xmin(pg_current_snapshot()) > max(tx) AS seen FROM ledger WHERE sale_id = $1`,
        [saleId],
      );
      return rows[0]?.seen;
    };
    await expect.poll(isSeen, { timeout: 20_000 }).toBe(true);
    const report = await saleReport(this.truth, this.hotStore, saleId);
    if (report === null) throw new Error(`there is no sale ${saleId}`);
    return report;
  }

  /** A sale that was spoiled with triggers and foreign keys off. */
  async spoiled(spoil: Spoil, inLine: InLine = {}): Promise<FinishedSale> {
    const sale = inLine.redis ? await aFinishedSale(this.truth) : await this.aSale();
    await this.truth.transaction(async (tx) => {
      await tx.query("SET LOCAL session_replication_role = replica");
      await spoil(tx, sale);
    });
    if (inLine.pages) await closePages(this.truth, sale.saleId);
    if (inLine.redis) await this.#fillRedis(sale);
    return sale;
  }

  /** Spoils a sale and sees this check fail with these words, and all others pass. */
  async expectOnly(
    name: ReportCheckName,
    spoil: Spoil,
    says: RegExp,
    inLine: InLine = { pages: name !== "ledger-chain" },
  ): Promise<void> {
    const report = await this.reportOf(await this.spoiled(spoil, inLine));
    const failed = report.checks.filter(({ ok }) => !ok);
    expect(failed).toEqual([{ name, ok: false, detail: expect.stringMatching(says) }]);
    expect(report.ok).toBe(false);
  }

  /** Writes a ticket's card with the next revision. */
  async rewriteCard(sale: FinishedSale, ticket: number, change: object): Promise<void> {
    const { lane, shopperKey } = sale.entryOf(ticket);
    const store = this.laneOf(sale, lane);
    const seen = await store.look([shopperKey]);
    const card = seen.ok ? seen.value[0] : null;
    if (card === null || card === undefined) throw new Error(`ticket ${ticket} has no card`);
    await store.cards([{ key: shopperKey, card: { ...card, rev: card.rev + 1, ...change } }], false);
  }
}
