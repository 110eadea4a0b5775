// The way to PostgreSQL: one pool a process, transactions that are tried again where PostgreSQL itself
// says so, and time limits that let nobody hold a lock for longer than the design allows.
import {
  IDLE_IN_TRANSACTION_MS_MAX,
  STATEMENT_MS_MAX,
  TRANSACTION_TRIES_MAX,
} from "@dropgate/contracts/limits";
import pg from "pg";

/**
 * A statement that a connection parses once, under its name, and whose plan it may keep. For the few that every order
 * runs: working out the plan costs PostgreSQL as much as they do. One text a name.
 */
export interface Prepared {
  name: string;
  text: string;
}

/** Anything that runs a statement: the pool itself, or the client of a transaction. */
export interface Statements {
  query<Row extends pg.QueryResultRow>(
    statement: string | Prepared,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

/** What a transaction runs its statements with. */
export interface Transaction extends Statements {
  /**
   * Runs a statement whose success is all that is to be known, and that before the commit is believed: where statements
   * are pipelined nobody waits for its answer alone.
   */
  later(statement: string | Prepared, values?: readonly unknown[]): Promise<void>;
}

// int8 as a number: tickets, sequences and counts stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Errors after which the same transaction may succeed: serialisation failure, deadlock. */
const AGAIN = new Set(["40001", "40P01"]);

/** The SQLSTATE of an error, or undefined when it did not come from PostgreSQL. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.length === 5
    ? error.code
    : undefined;
}

/** The constraint or index a refused statement ran into. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof Error && "constraint" in error && typeof error.constraint === "string"
    ? error.constraint
    : undefined;
}

export interface TruthOptions {
  url: string;
  connectionsMax?: number;
  /** What pg_stat_activity calls us. */
  name?: string;
  /** Told of each broken idle connection; the pool replaces it by itself. */
  onError?: (error: Error) => void;
  connectMsMax?: number;
  statementMsMax?: number;
  /**
   * Statements of one connection are sent without waiting for the answers of those before, which PostgreSQL works off
   * in order; and a transaction's first and last go with its BEGIN and COMMIT. For work that many wait for: each
   * answer that is waited for costs a turn of a busy event loop.
   */
  pipelined?: boolean;
}

/**
 * No table is read from end to end where an index leads. The check of a foreign key is planned once a connection and
 * then kept: planned while `holds` was all but empty it read the whole of it for each offer, 1.5 ms at 10,000 holds and
 * more with each, until PostgreSQL happened to count the table. A sale's first minute is when tables are uncounted.
 */
const INDEXES_FIRST = "-c enable_seqscan=off";

export class Truth implements Statements {
  readonly pool: pg.Pool;
  /** Transactions that were tried again, for the metrics. */
  retries = 0;
  readonly #isPipelined: boolean;

  constructor(options: TruthOptions) {
    this.#isPipelined = options.pipelined ?? false;
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.connectionsMax ?? 10,
      application_name: options.name ?? "dropgate",
      connectionTimeoutMillis: options.connectMsMax ?? 2_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: options.statementMsMax ?? STATEMENT_MS_MAX,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
      options: INDEXES_FIRST,
      ...(this.#isPipelined && { pipeline: true }),
    });
    this.pool.on("error", options.onError ?? (() => {}));
    // A connection that breaks while it is lent out reports to its borrower; without this listener the
    // same event would also end the process.
    this.pool.on("connect", (client) => client.on("error", () => {}));
  }

  query<Row extends pg.QueryResultRow>(
    statement: string | Prepared,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    return this.pool.query<Row>(statement, [...values]);
  }

  /**
   * Runs `work` in one transaction and commits. A deadlock or serialisation failure is tried again with
   * jitter, at most TRANSACTION_TRIES_MAX times, so `work` must have no effect outside of PostgreSQL that
   * may not happen twice. What `work` throws rolls back and is thrown on.
   */
  async transaction<Value>(work: (tx: Transaction) => Promise<Value>): Promise<Value> {
    for (let attempt = 1; ; attempt++) {
      const client = await this.pool.connect();
      let broken: Error | undefined;
      try {
        return await (this.#isPipelined ? inPipeline(client, work) : inTurn(client, work));
      } catch (error) {
        try {
          await client.query("ROLLBACK");
        } catch (rollbackError) {
          broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
        }
        if (attempt >= TRANSACTION_TRIES_MAX || !AGAIN.has(sqlState(error) ?? "")) throw error;
        this.retries++;
      } finally {
        client.release(broken);
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * (5 + Math.random() * 20)));
    }
  }

  /** Waits for lent connections and closes all. */
  async close(): Promise<void> {
    await this.pool.end();
  }
}

async function inTurn<Value>(
  client: pg.PoolClient,
  work: (tx: Transaction) => Promise<Value>,
): Promise<Value> {
  const tx: Transaction = {
    query: (statement, values) => client.query(statement, values && [...values]),
    later: async (statement, values) => {
      await client.query(statement, values && [...values]);
    },
  };
  await client.query("BEGIN");
  const value = await work(tx);
  mustCommit(await client.query("COMMIT"));
  return value;
}

/** Of an aborted transaction PostgreSQL answers a COMMIT with a rollback, and calls that no error. */
function mustCommit({ command }: pg.QueryResult): void {
  if (command !== "COMMIT") throw new Error(`a COMMIT was answered with ${command}`);
}

async function inPipeline<Value>(
  client: pg.PoolClient,
  work: (tx: Transaction) => Promise<Value>,
): Promise<Value> {
  const sent: Promise<unknown>[] = [];
  function query<Row extends pg.QueryResultRow>(
    statement: string | Prepared,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    const answer = client.query<Row>(statement, [...values]);
    // Whether or not the work waits for it, it is looked at further down.
    answer.catch(() => {});
    sent.push(answer);
    return answer;
  }
  void query("BEGIN");
  let value: Value;
  try {
    value = await work({
      query,
      later: (statement, values) => {
        void query(statement, values);
        return Promise.resolve();
      },
    });
  } catch (error) {
    // What failed first is why the rest did: PostgreSQL says of that only that the transaction is aborted.
    for (const ended of await Promise.allSettled(sent)) if (ended.status === "rejected") throw ended.reason;
    throw error;
  }
  const commit = client.query("COMMIT");
  commit.catch(() => {});
  await Promise.all(sent);
  mustCommit(await commit);
  return value;
}
