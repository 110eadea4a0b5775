import { settingsSchema } from "@dropgate/contracts/settings";
import { expect, test } from "vitest";
import { helpText, parseFlags } from "./flags.ts";

function flagsOf(args: string[], env: Record<string, string> = {}) {
  const parsed = parseFlags(args, env);
  if (!parsed.ok) throw new Error(parsed.sentence);
  return parsed.flags;
}

function sentenceOf(args: string[], env: Record<string, string> = {}): string {
  const parsed = parseFlags(args, env);
  return parsed.ok ? "accepted" : parsed.sentence;
}

test("without flags it is one gateway and one worker on port 8080 with the demo", () => {
  expect(flagsOf([])).toEqual({
    port: 8080,
    host: "127.0.0.1",
    dataDir: ".dropgate",
    gateways: 1,
    workers: 1,
    cluster: false,
    demoShoppers: 0,
    demo: true,
    fresh: false,
    yes: false,
  });
});

test("every flag of the contract is taken, also after the separator that pnpm passes on", () => {
  const args = [
    "--",
    "--port",
    "9000",
    "--data-dir",
    "/d",
    "--gateways",
    "3",
    "--workers=2",
    "--cluster",
    "--demo",
    "50",
    "--fresh",
  ];
  expect(flagsOf(args)).toMatchObject({
    port: 9000,
    dataDir: "/d",
    gateways: 3,
    workers: 2,
    cluster: true,
    demoShoppers: 50,
    demo: true,
    fresh: true,
  });
  expect(flagsOf(["--no-demo"]).demo).toBe(false);
});

test("a cluster of its own and a Redis that is given exclude each other", () => {
  expect(sentenceOf(["--cluster"], { REDIS_URL: "redis://somewhere" })).toContain("leave one of them out");
  expect(flagsOf(["--cluster"], { REDIS_URL: "" }).cluster).toBe(true);
});

test("PORT and HOST come from the environment unless a flag says otherwise", () => {
  expect(flagsOf([], { PORT: "9001", HOST: "0.0.0.0" })).toMatchObject({ port: 9001, host: "0.0.0.0" });
  expect(flagsOf(["--port", "9002"], { PORT: "9001" }).port).toBe(9002);
  expect(flagsOf([], { PORT: "" }).port).toBe(8080);
});

test("what is wrong is answered with its name, its value and what was expected", () => {
  for (const wrong of ["65536", "-1", "x", "1.5", "", "1e3", " 1"]) {
    expect(sentenceOf([`--port=${wrong}`])).toBe(
      `--port is ${JSON.stringify(wrong)}; a whole number from 0 to 65535 is expected.`,
    );
  }
  expect(sentenceOf(["--gateways", "0"])).toContain('--gateways is "0"; a whole number from 1 to 64');
  expect(sentenceOf(["--demo", "0"])).toContain('--demo is "0"');
  expect(sentenceOf(["--prot", "1"])).toContain("Unknown option '--prot'");
  expect(sentenceOf(["8080"])).toContain("8080");
  expect(sentenceOf(["--no-demo", "--demo", "5"])).toContain("exclude each other");
  expect(sentenceOf(["--data-dir", ""])).toContain("--data-dir is empty");
});

test("the help names every flag and every environment variable", () => {
  const text = helpText();
  for (const flag of [
    "port",
    "host",
    "data-dir",
    "gateways",
    "workers",
    "demo",
    "no-demo",
    "fresh",
    "yes",
    "help",
  ]) {
    expect(text).toContain(`--${flag}`);
  }
  for (const name of Object.keys(settingsSchema.shape)) {
    if (name !== "PROCESS_NAME") expect(text).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
  }
});
