// A load test as k6 wants it: options, setup, what each VU does, teardown. A VU is a driver: it carries its share of
// the shoppers on its event loop, in one iteration. The thresholds are k6's own to judge.

import crypto from "k6/crypto";
import exec from "k6/execution";
import { Counter, Rate, Trend } from "k6/metrics";
import type { Options } from "k6/options";
import { k6Surroundings } from "../k6-surroundings.ts";
import { type LoadTest, readEnvironment, type Target } from "./load-test.ts";
import { METRIC_NAMES, METRICS, type Meter, type MetricName } from "./metrics.ts";
import { openOffice, reportLines } from "./office.ts";
import { shopperJwt } from "./shopper-jwt.ts";

export interface K6Run {
  options: Options;
  setup: () => Promise<Target>;
  shoppers: (target: Target) => Promise<void>;
  teardown: (target: Target) => Promise<void>;
}

/** To be called while the script is loaded: k6 makes metrics at no other time. @throws Error for a wrong environment */
export function k6Run<Name extends string>(test: LoadTest<Name>): K6Run {
  const read = readEnvironment(test, __ENV);
  if (!read.ok) throw new Error(read.sentences.join(" "));
  const { place, numbers } = read;
  const vus = Math.max(1, Math.floor(Number(__ENV["VUS"] ?? 20)));
  const meter = k6Meter();
  const secondsMax = Math.ceil(test.secondsMax(numbers));

  return {
    options: {
      scenarios: {
        shoppers: { executor: "per-vu-iterations", vus, iterations: 1, maxDuration: `${secondsMax}s` },
      },
      // k6's own type wants arrays that may be changed.
      thresholds: Object.fromEntries(
        Object.entries(test.thresholds(numbers)).map(([metric, all]) => [metric, [...all]]),
      ),
      summaryTrendStats: ["count", "med", "p(95)", "p(99)", "max"],
      setupTimeout: "2m",
      teardownTimeout: "2m",
    },

    setup: () => openOffice(place, k6Surroundings()).setUp(test.sale(numbers)),

    shoppers: (target) =>
      test.play({
        numbers,
        place,
        target,
        share: { driver: exec.vu.idInTest - 1, of: vus },
        surroundings: k6Surroundings(),
        meter,
        person: (number) => ({
          kind: "jwt",
          jwt: shopperJwt(
            {
              sub: `load-test ${number}`,
              sale: target.saleId,
              exp: Math.floor(Date.now() / 1_000) + secondsMax,
            },
            target.shopperKey,
            (secret, text) => crypto.hmac("sha256", secret, text, "base64rawurl"),
          ),
        }),
        say: (text) => console.log(text),
        onMoment: () => {},
      }),

    teardown: async (target) => {
      const report = await openOffice(place, k6Surroundings()).tearDown(target, meter);
      for (const line of reportLines(report)) console.log(line);
    },
  };
}

function k6Meter(): Meter {
  const made = new Map<MetricName, Counter | Rate | Trend>(
    METRIC_NAMES.map((name) => {
      const { kind } = METRICS[name];
      if (kind === "counter") return [name, new Counter(name)];
      return [name, kind === "rate" ? new Rate(name) : new Trend(name, true)];
    }),
  );
  return {
    add: (metric, value) => {
      made.get(metric)?.add(value);
    },
  };
}
