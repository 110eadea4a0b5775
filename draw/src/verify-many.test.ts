// A draw of a size at which memory counts: it is checked piece by piece, what is wrong is found wherever it stands, and no
// list can make the check keep more than the draw file announced.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { drawByTheText, exampleIds, filesOf, workedExamples } from "./make-examples.ts";
import { type CheckName, type Progress, SURPLUS_LINES_MAX, verifyDraw } from "./verify.ts";

async function* pieces(text: string, size = 1 << 16): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("a hundred thousand entries", () => {
  const COUNT = 100_000;
  const LATE = 500;
  const drawn = drawByTheText(
    {
      saleId: "many",
      secret: createHash("sha256").update("many").digest(),
      beacon: null,
      buckets: [
        { bucket: 0, ids: exampleIds("many", 0, COUNT - LATE), sealedAt: "2026-11-27T10:00:00Z" },
        { bucket: 1, ids: exampleIds("many", 1, LATE), sealedAt: "2026-11-27T10:00:01Z" },
      ],
    },
    true,
  );
  const { draw, entries } = filesOf(drawn);
  const lines = entries.trimEnd().split("\n");
  const tampered = (change: (lines: string[]) => void): string => {
    const changed = [...lines];
    change(changed);
    return `${changed.join("\n")}\n`;
  };
  const line = (index: number, over: object = {}): string =>
    JSON.stringify({ ...drawn.entries[index], ...over });

  test("are checked as they come: no piece is asked for before the one before it is done", async () => {
    const own = drawn.entries[54_321];
    const seen: Progress[] = [];
    let asked = 0;
    async function* counted(): AsyncIterable<Uint8Array> {
      for await (const piece of pieces(entries)) {
        asked++;
        yield piece;
      }
    }
    const verdict = await verifyDraw(draw, counted(), {
      entryId: own?.entryId ?? "",
      onProgress(_bytes, progress) {
        seen.push(progress);
        expect(asked).toBe(seen.length);
      },
    });
    expect(verdict).toMatchObject({ state: "valid", entries: COUNT, buckets: 2 });
    expect(verdict.entry).toMatchObject({ line: 54_322, claimed: own?.ticket, recomputed: own?.ticket });
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.every(({ listed }) => listed === COUNT)).toBe(true);
    expect(seen.map(({ read }) => read)).toEqual(seen.map(({ read }) => read).toSorted((a, b) => a - b));
    expect(seen.at(-1)?.read).toBe(COUNT);
  });

  test.each<[string, CheckName[], (lines: string[]) => void]>([
    [
      "two tickets far apart are exchanged",
      ["order"],
      (changed) => {
        changed[17] = line(17, { ticket: drawn.entries[98_765]?.ticket });
        changed[98_765] = line(98_765, { ticket: drawn.entries[17]?.ticket });
      },
    ],
    ["one is left out", ["counts", "digests", "tickets", "order"], (changed) => changed.splice(77_777, 1)],
    [
      "one is another's",
      ["digests", "order"],
      (changed) => {
        changed[50_000] = line(50_000, { entryId: "ex0-friendOfTheHouse" });
      },
    ],
    [
      "the last of the late ones was in the lobby already",
      ["membership", "digests", "order"],
      (changed) => {
        changed[COUNT - 1] = line(COUNT - 1, { entryId: drawn.entries[0]?.entryId });
      },
    ],
  ])("do not hold when %s", async (_what, checks, change) => {
    const verdict = await verifyDraw(draw, pieces(tampered(change)));
    expect(verdict.state).toBe("invalid");
    expect(verdict.checks.filter(({ state }) => state === "failed").map(({ name }) => name)).toEqual(checks);
    // However much is wrong, only the first few places are kept.
    for (const check of verdict.checks) expect(check.evidence.length).toBeLessThanOrEqual(5);
  });
});

describe("a list that never ends", () => {
  const example = workedExamples().get("valid-closed");
  if (example === undefined) throw new Error("no such example");
  const { draw, entries } = filesOf(example);
  const listed = example.entries.length;
  const more = (n: number): string => `{"bucket":0,"entryId":"more-${n}","ticket":1}\n`;
  /** Far beyond where it must be left: a test that waits for ever would not be red. */
  const NEVER = 20_000;

  test.each([
    ["of good lines", more],
    ["of rubbish", () => "rubbish\n"],
    ["of buckets that nobody lists", (n: number) => `{"bucket":${n + 9},"entryId":"more-${n}","ticket":1}\n`],
  ])("%s is left where it cannot be right any more", async (_what, made) => {
    let given = 0;
    let isLeft = false;
    async function* endless(): AsyncIterable<Uint8Array> {
      try {
        yield* pieces(entries);
        while (given < NEVER) yield Buffer.from(made(given++));
      } finally {
        isLeft = true;
      }
    }
    const verdict = await verifyDraw(draw, endless());
    expect(verdict.state).toBe("invalid");
    expect(verdict.checks.find(({ name }) => name === "counts")?.evidence).toContain(
      `the list goes on beyond line ${listed + SURPLUS_LINES_MAX}; the rest was not read`,
    );
    expect(given).toBe(SURPLUS_LINES_MAX + 1);
    expect(isLeft).toBe(true);
  });

  test("is left where it is a response's stream, too", async () => {
    let given = 0;
    let isLeft = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(Buffer.from(given === 0 ? entries : more(given)));
        if (++given === NEVER) controller.close();
      },
      cancel() {
        isLeft = true;
      },
    });
    expect((await verifyDraw(draw, endless)).state).toBe("invalid");
    expect(isLeft).toBe(true);
  });
});
