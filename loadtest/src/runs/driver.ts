// A driver of the Node engine: a process of its own that carries its share of the shoppers, told over IPC what to do. So
// the crowd has as many event loops, and as many open sockets, as it needs.

import { createHmac } from "node:crypto";
import { nodeSurroundings } from "../node-surroundings.ts";
import { LOAD_TESTS } from "./all.ts";
import { type Figures, figureMeter } from "./figures.ts";
import type { LoadTest, Moment, Numbers, Place, Share, Target } from "./load-test.ts";
import { shopperJwt } from "./shopper-jwt.ts";

export interface DriverOrder {
  test: string;
  numbers: Numbers;
  place: Place;
  target: Target;
  share: Share;
}

export type DriverWord =
  | { kind: "ready" }
  | { kind: "said"; text: string }
  | { kind: "moment"; moment: Moment }
  /** `cpuSeconds`: of the whole process. */
  | { kind: "done"; figures: Figures; cpuSeconds: number };

/** One share in this process. */
export async function drive(
  test: LoadTest,
  order: DriverOrder,
  tell: (word: DriverWord) => void,
): Promise<Figures> {
  const meter = figureMeter();
  const surroundings = nodeSurroundings();
  const exp = Math.floor(Date.now() / 1_000 + test.secondsMax(order.numbers));
  try {
    await test.play({
      ...order,
      surroundings,
      meter,
      person: (number) => ({
        kind: "jwt",
        jwt: shopperJwt(
          { sub: `load-test ${number}`, sale: order.target.saleId, exp },
          order.target.shopperKey,
          (secret, text) => createHmac("sha256", secret).update(text).digest("base64url"),
        ),
      }),
      say: (text) => tell({ kind: "said", text }),
      onMoment: (moment) => tell({ kind: "moment", moment }),
    });
  } finally {
    surroundings.close();
  }
  return meter.figures;
}

/** As a process: takes one order, tells what came of it, and ends. */
function main(): void {
  const tell = (word: DriverWord, after?: () => void): void =>
    void process.send?.(word, undefined, undefined, after);
  process.once("disconnect", () => process.exit(1));
  process.once("message", (order: DriverOrder) => {
    const test = LOAD_TESTS.find(({ name }) => name === order.test);
    if (test === undefined) throw new Error(`there is no load test ${order.test}`);
    const play = async (): Promise<void> => {
      const figures = await drive(test, order, tell);
      const { user, system } = process.cpuUsage();
      tell({ kind: "done", figures, cpuSeconds: (user + system) / 1e6 }, () => process.exit(0));
    };
    // A rejection here ends the process with its reason, and the run with it.
    void play();
  });
  tell({ kind: "ready" });
}

if (process.argv[1] === import.meta.filename) main();
