// Ten thousand people at a drop, as cheap as can be: each is a cookie and a place in the benchmarks' loads. They come
// within a second, wait, and buy as soon as they may.
import type { Joined } from "@dropgate/contracts/entry";
import { HttpPool, type PoolAnswer } from "./load/http-pool.ts";
import { isEvent, SocketLine } from "./load/socket-line.ts";

const CONNECTIONS = 256;
const SOCKETS_AT_ONCE = 64;
const COME_EVERY_MS = 5;

export interface Opening {
  answers: PoolAnswer[];
  latenciesMs: number[];
}

export class Shoppers {
  readonly pool: HttpPool;
  readonly #port: number;
  readonly #lines: SocketLine[] = [];

  private constructor(port: number, pool: HttpPool) {
    this.#port = port;
    this.pool = pool;
  }

  static async open(port: number): Promise<Shoppers> {
    return new Shoppers(port, await HttpPool.open(port, CONNECTIONS));
  }

  /** Asks all of it evenly over a time, whether answers come or not: nobody waits for others to join. */
  async come(requests: readonly string[], overMs: number): Promise<Opening> {
    const beganMs = performance.now();
    const asked: Promise<PoolAnswer>[] = [];
    while (asked.length < requests.length) {
      const due = Math.ceil((requests.length * (performance.now() - beganMs)) / overMs);
      for (const request of requests.slice(asked.length, due)) asked.push(this.pool.ask(request));
      await new Promise((next) => setTimeout(next, COME_EVERY_MS));
    }
    const answers = await Promise.all(asked);
    return { answers, latenciesMs: answers.map(({ tookMs }) => tookMs) };
  }

  /**
   * Everybody connects; whoever is offered a unit claims it at once.
   * @param claimed told of each hold that was claimed
   * @returns once all have heard of their entries
   */
  connect(joined: readonly Joined[], claimed: (holdId: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let next = 0;
      let inside = 0;
      const begin = (): void => {
        const who = joined[next++];
        if (who === undefined) return;
        let isIn = false;
        let holdId = "";
        const line = new SocketLine({
          port: this.#port,
          greets: true,
          hello: `40${JSON.stringify({ token: who.token })}`,
          onFrame: (payload) => {
            if (!isIn && isEvent(payload, "entry")) {
              isIn = true;
              begin();
              if (++inside === joined.length) resolve();
            } else if (isEvent(payload, "offer")) {
              const [, offer] = JSON.parse(payload.toString().slice(2)) as [string, { holdId: string }];
              holdId = offer.holdId;
              line.send(`421["claim",{"holdId":"${holdId}"}]`);
            } else if (holdId !== "" && payload.toString("latin1", 0, 4) === "431[") {
              claimed(holdId);
              holdId = "";
            }
          },
          onEnd: (error) => reject(error ?? new Error("a socket ended")),
        });
        this.#lines.push(line);
      };
      for (let i = 0; i < SOCKETS_AT_ONCE; i++) begin();
    });
  }

  leave(): void {
    for (const line of this.#lines) line.cut();
    this.pool.close();
  }
}
