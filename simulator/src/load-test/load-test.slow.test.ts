import { runScript } from "@dropgate/loadtest/k6-stand-in/run-script";
import { LOAD_TESTS } from "@dropgate/loadtest/runs/all";
import { readEnvironment } from "@dropgate/loadtest/runs/load-test";
import { runInNode } from "@dropgate/loadtest/runs/node-run";
import { afterAll, beforeAll, expect, test } from "vitest";
import { House } from "../house.ts";
import { killGateway } from "./strike.ts";

// Small crowds, and no thresholds of time: that the tests hold together is what is tested, not how fast this machine is.
let house: House;
beforeAll(async () => {
  house = await House.open({ gateways: 2, workers: 1 });
});
afterAll(() => house.close());

const SCRIPTS = {
  sale: () => import("@dropgate/loadtest/k6/sale"),
  rush: () => import("@dropgate/loadtest/k6/rush"),
};

const place = () => ({ GATEWAY_URL: house.url, API_KEY: house.apiKey, VUS: "2" });
/** Those that fail for another reason than time. */
const broken = (judged: { metric: string; threshold: string; value: number; holds: boolean }[]) =>
  judged.filter(({ holds, metric }) => !holds && !/duration|offer_to_claim/.test(metric));

test.each([
  ["sale", { SHOPPERS: "30", RATE: "60", UNITS: "6", OFFERS: "20" }],
  ["rush", { SHOPPERS: "30", RATE: "60", UNITS: "6" }],
] as const)("the script of %s plays against a real Dropgate, as k6 would play it", async (name, numbers) => {
  const judged = await runScript(SCRIPTS[name], { ...place(), ...numbers });
  expect(broken(judged)).toEqual([]);
});

test("a gateway that dies loses nobody's place: the storm in the Node engine, with two drivers", async () => {
  const storm = LOAD_TESTS.find(({ name }) => name === "reconnect-storm");
  if (storm === undefined) throw new Error("there is a storm");
  const env = {
    ...place(),
    SHOPPERS: "40",
    RATE: "100",
    OFFERS: "1",
    SETTLE_SECONDS: "2",
    STAY_SECONDS: "14",
  };
  const read = readEnvironment(storm, env);
  if (!read.ok) throw new Error(read.sentences.join(" "));
  const said: string[] = [];
  const run = await runInNode({
    ...read,
    test: storm,
    drivers: 2,
    say: (text) => said.push(text),
    onMoment: (moment) => {
      if (moment === "strike") void killGateway(house).then((text) => said.push(text));
    },
  });
  expect(said.join("\n")).toContain("killed gateway-1");
  expect(broken(run.judged)).toEqual([]);
  expect(run.report.ok).toBe(true);
});
