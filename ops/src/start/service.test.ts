import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isAlive } from "../stores/store-process.ts";
import { temporaryFolder } from "../stores/store-under-test.ts";
import { keepRunning, type Service, type ServiceEvents } from "./service.ts";

type Story = {
  starts: number[];
  ends: { how: string; failures: number; waitMs: number }[];
  finished: number;
};

/** Runs `script` as a service and writes down what becomes of it. */
async function running(
  script: string,
  more: { mayFinish?: boolean } = {},
): Promise<{ service: Service; story: Story; logs: string }> {
  const logs = await temporaryFolder();
  const file = join(logs, "child.mts");
  await writeFile(file, script);
  const story: Story = { starts: [], ends: [], finished: 0 };
  const events: ServiceEvents = {
    onStart: (_, pid) => story.starts.push(pid),
    onEnd: (_, how, failures, waitMs) => story.ends.push({ how, failures, waitMs }),
    onFinish: () => {
      story.finished += 1;
    },
    onLine: () => {},
  };
  const spec = { name: "child", args: [file], env: process.env, cwd: logs, url: null, ...more };
  const service = keepRunning(spec, logs, events);
  onTestFinished(async () => {
    service.kill();
    await service.stop(0);
  });
  return { service, story, logs };
}

const said = (service: Service, line: string): Promise<void> =>
  vi.waitFor(() => expect(service.lastLines()).toContain(line), { timeout: 20_000, interval: 20 });

const STAYS = "console.log('here'); setInterval(() => {}, 1000);";

test("killed, it is started again as another process", async () => {
  const { service, story } = await running(STAYS);
  await said(service, "here");
  const first = service.pid();
  if (first === undefined) throw new Error("no process");
  process.kill(first, "SIGKILL");
  await vi.waitFor(() => expect(story.starts).toHaveLength(2), { timeout: 20_000 });
  expect(story.ends).toEqual([{ how: "was ended by SIGKILL", failures: 1, waitMs: 100 }]);
  expect(service.pid()).not.toBe(first);
});

test("one that ends again and again is given more and more time", async () => {
  const { service, story } = await running("process.exit(3)");
  await vi.waitFor(() => expect(story.ends.length).toBeGreaterThanOrEqual(3), { timeout: 25_000 });
  await service.stop(0);
  expect(story.ends.slice(0, 3)).toEqual([
    { how: "ended with code 3", failures: 1, waitMs: 100 },
    { how: "ended with code 3", failures: 2, waitMs: 200 },
    { how: "ended with code 3", failures: 3, waitMs: 400 },
  ]);
});

test("asked to stop it may finish what it began, and is not started again", async () => {
  const { service, story } = await running(
    // It listens before it says that it is here; the line may be read before the next statement runs.
    `process.on("SIGTERM", () => setTimeout(() => { console.log("finished"); process.exit(0); }, 200)); ${STAYS}`,
  );
  await said(service, "here");
  await service.stop(20_000);
  await said(service, "finished");
  expect(story).toMatchObject({ ends: [], starts: [expect.any(Number)] });
  expect(service.pid()).toBeUndefined();
});

test("one that will not stop is killed when its time is up", async () => {
  const { service, story } = await running(`process.on("SIGTERM", () => {}); ${STAYS}`);
  await said(service, "here");
  await service.stop(100);
  expect(isAlive(story.starts[0] ?? 0)).toBe(false);
});

test("what may finish and ends well is done; what ends badly is not", async () => {
  const well = await running("process.exit(0)", { mayFinish: true });
  await vi.waitFor(() => expect(well.story.finished).toBe(1), { timeout: 20_000 });
  expect(well.story.starts).toHaveLength(1);
  const badly = await running("process.exit(1)", { mayFinish: true });
  await vi.waitFor(() => expect(badly.story.starts).toHaveLength(2), { timeout: 20_000 });
});

test("its lines go to its log, those on standard error too", async () => {
  const { service, logs } = await running(`console.log("one"); console.error("two"); ${STAYS}`);
  await said(service, "two");
  await service.stop(1_000);
  await vi.waitFor(
    async () => {
      const text = await readFile(join(logs, "child.log"), "utf8");
      expect(text.split("\n")).toEqual(expect.arrayContaining(["one", "two", "here"]));
    },
    { timeout: 20_000 },
  );
});

/** A program that runs `child` as its service and is then killed; answers the child's process id. */
async function orphaned(child: string): Promise<number> {
  const folder = await temporaryFolder();
  const file = join(folder, "child.mts");
  await writeFile(file, child);
  const parent = `
    import { keepRunning } from ${JSON.stringify(join(import.meta.dirname, "service.ts"))};
    keepRunning(
      { name: "child", args: [${JSON.stringify(file)}], env: process.env, cwd: "/", url: null },
      ${JSON.stringify(folder)},
      { onStart() {}, onEnd() {}, onFinish() {}, onLine: (name, line) => console.log(line) },
    );`;
  const { service } = await running(parent);
  await vi.waitFor(() => expect(service.lastLines().length).toBeGreaterThan(0), { timeout: 20_000 });
  const pid = Number(service.lastLines()[0]);
  service.kill();
  return pid;
}

const gone = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 50 });

test("when we are killed it is asked to stop like by anyone else, and may finish", async () => {
  const told = join(await temporaryFolder(), "told");
  const pid = await orphaned(
    `import { writeFileSync } from "node:fs";
     process.on("SIGTERM", () => { writeFileSync(${JSON.stringify(told)}, "yes"); process.exit(0); });
     setInterval(() => {}, 1000);
     console.log(process.pid);`,
  );
  await gone(pid);
  expect(await readFile(told, "utf8")).toBe("yes");
});

test("when we are killed it ends, though it knows nothing of that", async () => {
  await gone(await orphaned("setInterval(() => {}, 1000); console.log(process.pid);"));
});

test("the channel to us keeps nobody awake who has nothing left to do", async () => {
  const { story } = await running("console.log('done')", { mayFinish: true });
  await vi.waitFor(() => expect(story.finished).toBe(1), { timeout: 20_000 });
});
