// A load test in the Node engine: makes the sale, lets driver processes carry the crowd, puts their figures together,
// asks for the report, and judges the thresholds.

import { type ChildProcess, fork } from "node:child_process";
import { resolve } from "node:path";
import type { Report } from "@dropgate/contracts/report";
import { nodeSurroundings } from "../node-surroundings.ts";
import type { DriverOrder, DriverWord } from "./driver.ts";
import { type Figures, figureMeter, together } from "./figures.ts";
import type { LoadTest, Moment, Numbers, Place } from "./load-test.ts";
import { openOffice } from "./office.ts";
import { type Judged, judge } from "./thresholds.ts";

export interface NodeRunOptions {
  test: LoadTest;
  numbers: Numbers;
  place: Place;
  /** Driver processes. */
  drivers: number;
  say: (text: string) => void;
  onMoment?: (moment: Moment) => void;
}

export interface NodeRun {
  figures: Figures;
  judged: Judged[];
  report: Report;
  /** Of each driver: one that has none left makes all times longer. */
  cpuSeconds: number[];
  /** All thresholds hold. */
  ok: boolean;
}

export async function runInNode(options: NodeRunOptions): Promise<NodeRun> {
  const { test, numbers, place, drivers } = options;
  const surroundings = nodeSurroundings();
  const office = openOffice(place, surroundings);
  const meter = figureMeter();
  const children: ChildProcess[] = [];
  try {
    // Ready before the sale is made: its schedule begins to run with it.
    for (let driver = 0; driver < drivers; driver++) children.push(await readyDriver());
    const target = await office.setUp(test.sale(numbers));
    options.say(`sale ${target.saleId}: ${test.shows}`);
    const parts = await Promise.all(
      children.map((child, driver) =>
        played(child, { test: test.name, numbers, place, target, share: { driver, of: drivers } }, options),
      ),
    );
    const report = await office.tearDown(target, meter);
    const figures = together([...parts.map((part) => part.figures), meter.figures]);
    const judged = judge(test.thresholds(numbers), figures);
    return {
      figures,
      judged,
      report,
      cpuSeconds: parts.map((part) => part.cpuSeconds),
      ok: judged.every(({ holds }) => holds),
    };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    surroundings.close();
  }
}

type Done = Extract<DriverWord, { kind: "done" }>;

function readyDriver(): Promise<ChildProcess> {
  const child = fork(resolve(import.meta.dirname, "driver.ts"), [], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((ready, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`a driver ended with ${code} before it began`)));
    child.once("message", () => ready(child));
  });
}

function played(child: ChildProcess, order: DriverOrder, options: NodeRunOptions): Promise<Done> {
  return new Promise((done, reject) => {
    child.once("exit", (code) => reject(new Error(`driver ${order.share.driver + 1} ended with ${code}`)));
    child.on("message", (word: DriverWord) => {
      if (word.kind === "said") options.say(word.text);
      else if (word.kind === "moment") options.onMoment?.(word.moment);
      else if (word.kind === "done") done(word);
    });
    child.send(order);
  });
}
