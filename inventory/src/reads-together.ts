// Reads many things from PostgreSQL with one statement, for whoever asks for one: one statement is under way, and what is
// asked for meanwhile is the next. So a cache that was lost, or that everybody finds old in the same moment, costs
// PostgreSQL a statement at a time.

interface Asked<Value> {
  key: string;
  resolve: (value: Value | undefined) => void;
  reject: (error: unknown) => void;
}

export class ReadsTogether<Value> {
  readonly #read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;
  readonly #batchMax: number;
  #waiting: Asked<Value>[] = [];
  #underWay = false;

  /** @param read those of the keys that there are */
  constructor(
    read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    { batchMax }: { batchMax: number },
  ) {
    this.#read = read;
    this.#batchMax = batchMax;
  }

  /** As it is at some time after this call; undefined when it is not there. @throws what the statement throws */
  of(key: string): Promise<Value | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      // What is asked for in the same turn goes together.
      if (!this.#underWay) queueMicrotask(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    if (this.#underWay) return;
    this.#underWay = true;
    while (this.#waiting.length > 0) await this.#batch(this.#waiting.splice(0, this.#batchMax));
    this.#underWay = false;
  }

  async #batch(batch: readonly Asked<Value>[]): Promise<void> {
    try {
      const values = await this.#read([...new Set(batch.map(({ key }) => key))]);
      for (const { key, resolve } of batch) resolve(values.get(key));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
