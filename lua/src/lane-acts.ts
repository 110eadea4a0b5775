// Random acts on a lane, from a seed: each is done to the model, which says what must be answered, and can be
// done to the real scripts.
import type { HoldId, SaleId } from "@dropgate/contracts/ids";
import type { HotStore } from "./hot-store.ts";
import { ABSENT, type Arrival, FREE, type LaneAnswer } from "./lane-answers.ts";
import { LaneDraws, NAMES, UNITS } from "./lane-draws.ts";
import { entryOf, joinOf, keyOf } from "./lane-fixture.ts";
import type { LaneModel } from "./lane-model.ts";
import type { LaneStore } from "./lane-store.ts";

export interface Act {
  name: string;
  /** What was asked, for the report of a difference. */
  asked: unknown;
  /** The model's answer. */
  expected: unknown;
  /** The real one, with times left out as in the model. */
  run: () => Promise<unknown>;
}

export class LaneActs {
  readonly #draws: LaneDraws;
  readonly #model: LaneModel;
  readonly #store: HotStore;
  readonly #saleId: SaleId;

  constructor(seed: number, model: LaneModel, store: HotStore, saleId: SaleId) {
    this.#draws = new LaneDraws(seed, model);
    this.#model = model;
    this.#store = store;
    this.#saleId = saleId;
  }

  /** The next acts: mostly one, several for a rebuild. */
  next(): Act[] {
    if (this.#model.epoch === 0 && this.#draws.chance(0.05)) return this.#rebuild();
    const act = this.#draws.weighed<() => Act[]>([
      [6, () => [this.#join()]],
      [3, () => [this.#leave()]],
      [6, () => [this.#cards()]],
      [2, () => [this.#tickets()]],
      [4, () => [this.#take()]],
      [4, () => [this.#give()]],
      [2, () => [this.#settle()]],
      [3, () => [this.#mark()]],
      [2, () => [this.#stored()]],
      [1, () => [this.#close()]],
      [1, () => [this.#pulse()]],
      [1, () => [this.#look()]],
      [1, () => (this.#draws.chance(0.15) ? this.#rebuild() : [this.#drop()])],
    ]);
    return act();
  }

  /** Everything that can be read of the lane, one act each. */
  lookAtAll(): Act[] {
    if (this.#model.epoch === 0) return [];
    const { state, now } = this.#model;
    const saleId = this.#saleId;
    const epochs = [this.#model.epoch, Math.max(1, this.#model.epoch - 1)];
    return [
      this.#act(
        "look",
        NAMES,
        NAMES.map((name) => now.cards.get(keyOf(name)) ?? null),
        (lane) => lane.look(NAMES.map(keyOf)),
      ),
      this.#act(
        "records",
        UNITS,
        UNITS.map((unit) => this.#model.record(unit)),
        async (lane) => mapAnswer(await lane.records(UNITS), (records) => records.map(({ state }) => state)),
      ),
      this.#act("pool", 0, this.#pool(), (lane) => lane.pool(0, UNITS.length)),
      this.#act("arrivals", state.stored, now.arrivals, async (lane) =>
        mapAnswer(await lane.arrivals(0, 100_000), (arrivals) => arrivals.map(withoutMs)),
      ),
      this.#pulse(),
      ...epochs.map((epoch): Act => {
        const expected = structuredClone(this.#model.epochs.get(epoch)?.arrivals ?? []);
        const run = async (): Promise<unknown> =>
          (await this.#store.survivors({ saleId, lane: 0, epoch }, 0, 100_000)).map(withoutMs);
        return { name: "survivors", asked: epoch, expected, run };
      }),
    ];
  }

  #join(): Act {
    const offers = this.#draws.some(4, () => {
      const { name, attempt } = this.#draws.shopper();
      return joinOf(name, attempt);
    });
    const acknowledged = this.#draws.chance(0.2);
    return this.#fenced(
      "join",
      [offers, acknowledged],
      () => this.#model.join(offers, acknowledged),
      (lane) => lane.join(offers, acknowledged),
    );
  }

  #leave(): Act {
    const leaves = this.#draws.some(3, () => {
      const { name, attempt } = this.#draws.shopper();
      return { key: keyOf(name), entryId: entryOf(name, attempt), attempt };
    });
    return this.#fenced(
      "leave",
      leaves,
      () => this.#model.leave(leaves),
      (lane) => lane.leave(leaves),
    );
  }

  #close(): Act {
    const bucket = this.#draws.near(this.#model.state.bucket, 0);
    return this.#fenced(
      "close",
      bucket,
      () => this.#model.close(bucket),
      async (lane) =>
        mapAnswer(await lane.close(bucket), (closed) =>
          closed.outcome === "settling" ? { ...closed, waitMs: closed.waitMs > 0 ? 0 : -1 } : closed,
        ),
    );
  }

  #stored(): Act {
    const seq = this.#draws.between(Math.max(0, this.#model.state.stored - 3), this.#model.state.seq + 2);
    return this.#fenced(
      "stored",
      seq,
      () => this.#model.stored(seq),
      (lane) => lane.stored(seq),
    );
  }

  #cards(): Act {
    const writes = this.#draws.some(4, () => this.#draws.cardWrite());
    const publish = this.#draws.chance(0.5);
    return this.#fenced(
      "cards",
      [writes, publish],
      () => this.#model.cards(writes, publish),
      (lane) => lane.cards(writes, publish),
    );
  }

  #tickets(): Act {
    const writes = this.#draws.some(4, () => {
      const { name, attempt } = this.#draws.shopper();
      return { key: keyOf(name), attempt, ticket: this.#draws.between(1, 99) };
    });
    const bucket = this.#draws.chance(0.3) ? this.#draws.between(0, 9) : null;
    return this.#fenced(
      "tickets",
      [writes, bucket],
      () => this.#model.tickets(writes, bucket),
      (lane) => lane.tickets(writes, bucket),
    );
  }

  #take(): Act {
    const holdIds = this.#draws.some(3, () => this.#draws.newHold());
    return this.#fenced(
      "take",
      holdIds,
      () => this.#model.take(holdIds),
      (lane) => lane.take(holdIds),
    );
  }

  #give(): Act {
    const gifts = this.#draws.some(3, () => this.#draws.unitHolder((unit) => this.#model.record(unit)));
    return this.#fenced(
      "give",
      gifts,
      () => this.#model.give(gifts),
      (lane) => lane.give(gifts),
    );
  }

  #settle(): Act {
    const takes = this.#draws.some(3, () => {
      const { unit, holder } = this.#draws.unitHolder((unit) => this.#model.now.pending.get(unit));
      return { unit, holdId: holder as HoldId };
    });
    return this.#fenced(
      "settle",
      takes,
      () => this.#model.settle(takes),
      (lane) => lane.settle(takes),
    );
  }

  #mark(): Act {
    const marks = this.#draws.some(3, () => {
      const { unit, holder } = this.#draws.unitHolder((unit) => this.#model.record(unit));
      const seen = this.#draws.weighed([
        [3, holder],
        [1, this.#draws.pick([FREE, ABSENT])],
      ]);
      const becomes = this.#draws.pick([FREE, FREE, ABSENT, this.#draws.newHold(), "withdrawal:w"]);
      return { unit, seen, becomes };
    });
    return this.#fenced(
      "mark",
      marks,
      () => this.#model.mark(marks),
      (lane) => lane.mark(marks),
    );
  }

  #pulse(): Act {
    const { version } = this.#model.state;
    const limitPerShopper = this.#draws.between(1, 3);
    const copy = { phase: this.#draws.phase(), version: this.#draws.near(version, 0), limitPerShopper };
    const publish = this.#draws.chance(0.2);
    const expected = (): unknown => {
      this.#model.copy(copy);
      const { state, now } = this.#model;
      const { phase, version, limitPerShopper, bucket, opened, seq, stored, msg } = state;
      const pending = [...now.pending].map(([unit, holdId]) => ({ unit, holdId }));
      const counts = { waiting: this.#model.waiting(), free: this.#model.free().length };
      const small = { phase, version, limitPerShopper, bucket, opened, seq, stored, msg };
      return { ...small, ...counts, pending: pending.toSorted((one, other) => one.unit - other.unit) };
    };
    return this.#fenced("pulse", [copy, publish], expected, async (lane) =>
      mapAnswer(await lane.pulse(copy, publish), ({ openedMs, nowMs: _now, pending, ...rest }) => ({
        ...rest,
        opened: openedMs !== null,
        pending: pending
          .map(({ unit, holdId }) => ({ unit, holdId }))
          .toSorted((one, other) => one.unit - other.unit),
      })),
    );
  }

  #look(): Act {
    const keys = this.#draws.some(4, () => keyOf(this.#draws.pick(NAMES)));
    const expected = (): unknown => keys.map((key) => this.#model.now.cards.get(key) ?? null);
    return this.#fenced("look", keys, expected, (lane) => lane.look(keys));
  }

  #drop(): Act {
    const epoch = this.#draws.near(this.#model.epoch, 1);
    return {
      name: "drop",
      asked: epoch,
      expected: this.#model.drop(epoch) ? { ok: true, value: null } : this.#refusal(),
      run: () => this.#store.dropEpoch({ saleId: this.#saleId, lane: 0, epoch }),
    };
  }

  /** Loads a new epoch, or one that must not be loaded; then mostly flips to it. */
  #rebuild(): Act[] {
    const { epoch, cards, units, state } = this.#draws.rebuild();
    const lane = this.#lane(epoch);
    const loaded = this.#model.load(epoch, cards, units) ? { ok: true, value: null } : this.#refusal();
    const acts: Act[] = [
      { name: "load-cards", asked: cards, expected: loaded, run: () => lane.loadCards(cards) },
      { name: "load-units", asked: units, expected: loaded, run: () => lane.loadUnits(units) },
    ];
    // A rebuild may die before its flip; the next one has another epoch.
    if (this.#draws.chance(0.15)) return acts;
    const expected = this.#model.flip(epoch, state) ? { ok: true, value: null } : this.#refusal();
    return [...acts, { name: "flip", asked: [epoch, state], expected, run: () => lane.flip(state) }];
  }

  /** One in twelve comes from a caller who knows another epoch; the model then stays as it is. */
  #fenced(
    name: string,
    asked: unknown,
    expect: () => unknown,
    run: (lane: LaneStore) => Promise<LaneAnswer<unknown>>,
  ): Act {
    if (this.#model.epoch > 0 && !this.#draws.chance(1 / 12)) return this.#act(name, asked, expect(), run);
    const stranger = this.#lane(this.#draws.pick([this.#model.epoch - 1, this.#model.epoch + 1]));
    return { name: `stale ${name}`, asked, expected: this.#refusal(), run: () => run(stranger) };
  }

  #act(
    name: string,
    asked: unknown,
    value: unknown,
    run: (lane: LaneStore) => Promise<LaneAnswer<unknown>>,
  ): Act {
    const lane = this.#lane(this.#model.epoch);
    return { name, asked, expected: { ok: true, value: structuredClone(value) }, run: () => run(lane) };
  }

  #refusal(): LaneAnswer<never> {
    const { epoch } = this.#model;
    return epoch === 0 ? { ok: false, fenced: true } : { ok: false, fenced: true, epoch };
  }

  #lane(epoch: number): LaneStore {
    const place = { saleId: this.#saleId, lane: 0 };
    return this.#store.lane({ ...place, epoch, runId: this.#store.runIdOf(place) });
  }

  #pool(): unknown {
    const units = this.#model.free();
    return { units, free: units.length, taken: this.#model.now.units.size - units.length };
  }
}

function withoutMs({ ms: _ms, ...arrival }: Arrival): Omit<Arrival, "ms"> {
  return arrival;
}

function mapAnswer<From, To>(answer: LaneAnswer<From>, map: (value: From) => To): LaneAnswer<To> {
  return answer.ok ? { ok: true, value: map(answer.value) } : answer;
}
