import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawByTheText, EXAMPLES_FOLDER, exampleIds, filesOf, workedExamples } from "./make-examples.ts";
import { type CheckName, type Options, type Verdict, verifyDraw } from "./verify.ts";

async function* pieces(text: string | Buffer, size = 1 << 16): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const verify = (files: { draw: string; entries: string | Buffer }, options?: Options): Promise<Verdict> =>
  verifyDraw(files.draw, pieces(files.entries), options);

const failed = (verdict: Verdict): CheckName[] =>
  verdict.checks.filter((check) => check.state === "failed").map((check) => check.name);

const evidence = (verdict: Verdict, name: CheckName): string[] =>
  verdict.checks.find((check) => check.name === name)?.evidence ?? [];

// Worked out with Python's hashlib and hmac, from the format's text alone.
const VECTOR = {
  draw: '{"saleId":"vector","algorithm":"dropgate-draw-1","commitment":"630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","beacon":null,"buckets":[{"bucket":0,"count":4,"digest":"18d7d6717080047b24eb124441823936dec83d5931dec9d35fca8a0c903b3b6f","seed":"fca87887aadb09e8b3987074a055cca380abf1fc508bc9ba0fd6e82692a4144d","firstTicket":1,"sealedAt":"2026-11-27T10:00:00Z"},{"bucket":2,"count":1,"digest":"517cf23f6779047c5f9291b55e0e4d5ad900a7950d5e846fbf8836d331af8d61","seed":"3addf110f17753ee8469a036c788e29b6499992c695029f99dbebcf5a1cc07e7","firstTicket":5,"sealedAt":"2026-11-27T10:00:00Z"}]}',
  entries: [
    '{"bucket":0,"entryId":"alice","ticket":3}',
    '{"bucket":0,"entryId":"bob","ticket":4}',
    '{"bucket":0,"entryId":"Carol_3","ticket":2}',
    '{"bucket":0,"entryId":"d-4","ticket":1}',
    '{"bucket":2,"entryId":"eve","ticket":5}',
    "",
  ].join("\n"),
};

const example = (name: string) => {
  const found = workedExamples().get(name);
  if (found === undefined) throw new Error(`no example ${name}`);
  return filesOf(found);
};
const CLOSED = example("valid-closed");
const OPEN = example("valid-open");

describe("what holds", () => {
  test("a draw worked out in another language is valid, and so is an entry's own ticket", async () => {
    const verdict = await verify(VECTOR, { entryId: "Carol_3" });
    expect(failed(verdict)).toEqual([]);
    expect(verdict).toMatchObject({ state: "valid", entries: 5, buckets: 2 });
    expect(verdict.entry).toMatchObject({ bucket: 0, line: 3, claimed: 2, recomputed: 2 });
  });

  test("before the close the lists and orders are checked, and it says what has to wait", async () => {
    const verdict = await verify(OPEN);
    expect(verdict.state).toBe("open");
    const later = verdict.checks.filter((check) => check.state === "later").map((check) => check.name);
    expect(later).toEqual(["commitment", "seeds"]);
  });

  test("a sale that keeps its seeds until the close has its order checked then", async () => {
    const draw = JSON.parse(OPEN.draw);
    for (const bucket of draw.buckets) bucket.seed = null;
    const verdict = await verify({ ...OPEN, draw: JSON.stringify(draw) });
    expect(verdict.state).toBe("open");
    expect(verdict.checks.find((check) => check.name === "order")?.state).toBe("later");
  });

  test("a closed sale must name its seeds", async () => {
    const draw = JSON.parse(CLOSED.draw);
    draw.buckets[0].seed = null;
    expect(failed(await verify({ ...CLOSED, draw: JSON.stringify(draw) }))).toEqual(["seeds"]);
  });

  test("a sale that nobody joined is valid", async () => {
    const draw = { ...JSON.parse(CLOSED.draw), buckets: [] };
    expect((await verify({ draw: JSON.stringify(draw), entries: "" })).state).toBe("valid");
  });

  test("a beacon counts for the lobby, whether it is given as a text or as an object with its value", async () => {
    const files = example("valid-beacon");
    const draw = JSON.parse(files.draw);
    const asObject = { ...draw, beacon: { source: "drand", round: 4242, value: draw.beacon } };
    expect((await verify({ ...files, draw: JSON.stringify(asObject) })).state).toBe("valid");
    const without = { ...draw, beacon: null };
    const verdict = await verify({ ...files, draw: JSON.stringify(without) });
    expect(failed(verdict)).toEqual(["seeds"]);
    expect(evidence(verdict, "seeds")[0]).toMatch(/^bucket 0/);
  });

  test("other spellings of the same lines are read too", async () => {
    const respelled = VECTOR.entries.replaceAll(",", ", ").replace('"bucket":0', '"extra":true,"bucket":0');
    expect((await verify({ ...VECTOR, entries: respelled.replaceAll("\n", "\r\n") })).state).toBe("valid");
    expect((await verify({ ...VECTOR, entries: VECTOR.entries.trimEnd() })).state).toBe("valid");
  });

  test("any sale drawn by the text is valid, however its file is cut in pieces", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 1, max: 200 }),
        async (counts, secret, size) => {
          const files = filesOf(
            drawByTheText(
              {
                saleId: "any",
                secret: Buffer.from(secret),
                beacon: null,
                buckets: counts.map((count, bucket) => ({
                  bucket: bucket * 2,
                  ids: exampleIds("any", bucket, count),
                  sealedAt: "2026-11-27T10:00:00Z",
                })),
              },
              true,
            ),
          );
          const verdict = await verifyDraw(files.draw, pieces(files.entries, size));
          expect(verdict).toMatchObject({
            state: "valid",
            entries: counts.reduce((sum, count) => sum + count, 0),
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("what is found", () => {
  test("each worked example has the verdict that its name says, and the folder is what the script writes", async () => {
    const expected: Record<string, CheckName[]> = {
      "valid-closed": [],
      "valid-open": [],
      "valid-beacon": [],
      "tampered-tickets-swapped": ["order"],
      "tampered-entry-added": ["counts", "digests", "tickets", "order"],
      "tampered-entry-replaced": ["digests", "order"],
      "tampered-entry-dropped": ["counts", "digests", "tickets", "order"],
      "tampered-entry-twice": ["membership", "digests", "order"],
      "tampered-secret-exchanged": ["commitment"],
      "tampered-seed-exchanged": ["seeds", "order"],
      "tampered-ticket-gap": ["buckets", "tickets", "order"],
    };
    const folders = readdirSync(EXAMPLES_FOLDER, { withFileTypes: true }).filter((file) =>
      file.isDirectory(),
    );
    expect(folders.map((file) => file.name).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, checks] of Object.entries(expected)) {
      const read = (file: string) => readFileSync(join(EXAMPLES_FOLDER, name, file), "utf8");
      const files = { draw: read("draw.json"), entries: read("entries.ndjson") };
      expect(files, name).toEqual(example(name));
      expect(failed(await verify(files)), name).toEqual(checks);
    }
  });

  test("any changed byte of the entries' file that changes what it says", async () => {
    const meaning = (text: string): string =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const { bucket, entryId, ticket } = JSON.parse(line);
          return JSON.stringify([bucket, entryId, ticket]);
        })
        .join();
    await everyByte(CLOSED.entries, async (tampered) => {
      const same = unlessItThrows(() => meaning(tampered.toString()) === meaning(CLOSED.entries));
      expect((await verify({ ...CLOSED, entries: tampered })).state === "valid").toBe(same);
    });
  });

  test("any changed byte of a closed sale's draw file, but for the times, which nothing binds", async () => {
    const meaning = (text: string): string => {
      const { saleId, algorithm, commitment, secret, beacon, buckets } = JSON.parse(text);
      const bound = buckets.map(
        ({ bucket, count, digest, seed, firstTicket, recovered }: Record<string, unknown>) => [
          bucket,
          count,
          digest,
          seed,
          firstTicket,
          recovered,
        ],
      );
      return JSON.stringify([saleId, algorithm, commitment, secret, beacon === null, bound]);
    };
    await everyByte(CLOSED.draw, async (tampered) => {
      const same = unlessItThrows(() => meaning(tampered.toString()) === meaning(CLOSED.draw));
      const { state } = await verify({ draw: tampered.toString(), entries: CLOSED.entries });
      if (!same) expect(state).toBe("invalid");
    });
  });

  test("any two exchanged tickets, before the close too", async () => {
    const lines = OPEN.entries.trimEnd().split("\n");
    const index = fc.nat({ max: lines.length - 1 });
    await fc.assert(
      fc.asyncProperty(index, index, async (a, b) => {
        fc.pre(a !== b);
        const parsed = lines.map((line) => JSON.parse(line));
        [parsed[a].ticket, parsed[b].ticket] = [parsed[b].ticket, parsed[a].ticket];
        const entries = parsed.map((entry) => JSON.stringify(entry)).join("\n");
        expect((await verify({ ...OPEN, entries })).state).toBe("invalid");
      }),
    );
  });

  test("any line that is moved within its bucket, dropped or repeated, before the close too", async () => {
    const lines = OPEN.entries.trimEnd().split("\n");
    const index = fc.nat({ max: lines.length - 1 });
    await fc.assert(
      fc.asyncProperty(index, index, fc.constantFrom("move", "drop", "repeat"), async (from, to, act) => {
        const changed = [...lines];
        const [line = ""] = act === "repeat" ? [changed[from]] : changed.splice(from, 1);
        if (act !== "drop") changed.splice(to, 0, line);
        // A bucket's first line may stand anywhere before its second: its list is the same.
        fc.pre(listOfBuckets(changed) !== listOfBuckets(lines));
        expect((await verify({ ...OPEN, entries: changed.join("\n") })).state).toBe("invalid");
      }),
    );
  });

  /** The lines, bucket by bucket, each bucket's in their order. */
  function listOfBuckets(lines: readonly string[]): string {
    const bucketOf = (line: string): number => JSON.parse(line).bucket;
    return lines.toSorted((a, b) => bucketOf(a) - bucketOf(b)).join("\n");
  }

  test("a malformed line is named by its number", async () => {
    const broken = ["", "nonsense", '{"bucket":0}', '{"bucket":-1,"entryId":"x","ticket":1}', "[1]", "null"];
    broken.push('{"bucket":0,"entryId":"x y","ticket":1}', '{"bucket":0,"entryId":"x","ticket":1.5}');
    broken.push('{"bucket":0,"entryId":"x","ticket":1,"ticket":2}', `{"pad":"${"x".repeat(9000)}"}`);
    for (const line of broken) {
      const lines = VECTOR.entries.split("\n");
      lines.splice(2, 0, line);
      const verdict = await verify({ ...VECTOR, entries: lines.join("\n") });
      expect(evidence(verdict, "lines"), line.slice(0, 40)).toEqual([expect.stringMatching(/^line 3: /)]);
    }
  });

  test("an entry of one bucket that is drawn again in another, though both lists are sealed so", async () => {
    const twice = drawByTheText(
      {
        saleId: "twice",
        secret: createHash("sha256").update("s").digest(),
        beacon: null,
        buckets: [
          { bucket: 0, ids: ["a", "b"], sealedAt: "2026-11-27T10:00:00Z" },
          { bucket: 1, ids: ["c", "a"], sealedAt: "2026-11-27T10:00:01Z" },
        ],
      },
      true,
    );
    const verdict = await verify(filesOf(twice));
    expect(failed(verdict)).toEqual(["membership"]);
    expect(evidence(verdict, "membership")).toEqual(["line 4: entry a has been drawn before"]);
  });

  test("a later second that was drawn before an earlier one, unless it is a recovered bucket", async () => {
    const sealedAt = "2026-11-27T10:00:00Z";
    const drawn = (recovered?: boolean) =>
      filesOf(
        drawByTheText(
          {
            saleId: "order",
            secret: Buffer.alloc(32, 7),
            beacon: null,
            buckets: [
              { bucket: 0, ids: ["a"], sealedAt },
              { bucket: 5, ids: ["b"], sealedAt, ...(recovered === undefined ? {} : { recovered }) },
              { bucket: 2, ids: ["c"], sealedAt },
            ],
          },
          true,
        ),
      );
    expect(failed(await verify(drawn()))).toEqual(["buckets"]);
    expect(failed(await verify(drawn(true)))).toEqual([]);
  });

  test("lines of a bucket that is not listed, and a listed bucket without lines", async () => {
    const foreign = `${VECTOR.entries}{"bucket":9,"entryId":"zoe","ticket":6}\n`;
    expect(failed(await verify({ ...VECTOR, entries: foreign }))).toEqual(["membership"]);
    const without = VECTOR.entries.replace(/\{"bucket":2.*\n/, "");
    expect(failed(await verify({ ...VECTOR, entries: without }))).toEqual(["counts"]);
  });

  test("while the sale goes on, buckets that were drawn after the draw file was read are for the next check", async () => {
    const draw = JSON.parse(OPEN.draw);
    const early = { ...OPEN, draw: JSON.stringify({ ...draw, buckets: draw.buckets.slice(0, 2) }) };
    const listed = draw.buckets[0].count + draw.buckets[1].count;
    expect(await verify(early)).toMatchObject({ state: "open", entries: listed, buckets: 2 });
    // Once it has closed, nothing is drawn any more: then it is an entry that nobody answers for.
    const closed = JSON.parse(CLOSED.draw);
    const short = { ...CLOSED, draw: JSON.stringify({ ...closed, buckets: closed.buckets.slice(0, 2) }) };
    expect(failed(await verify(short))).toEqual(["membership"]);
    // And what stands before the end of the listed ones was not drawn after them.
    const foreign = { ...OPEN, entries: `{"bucket":9,"entryId":"zoe","ticket":99}\n${OPEN.entries}` };
    expect(failed(await verify(foreign))).toEqual(["membership"]);
  });

  test("a commitment that is not the one noted before the draw", async () => {
    const { commitment } = JSON.parse(VECTOR.draw);
    expect((await verify(VECTOR, { notedCommitment: commitment })).state).toBe("valid");
    expect(failed(await verify(VECTOR, { notedCommitment: "0".repeat(64) }))).toEqual(["noted"]);
  });

  test("a draw file that is none, or whose numbers are out of bounds, is refused before anything is kept", async () => {
    const draw = JSON.parse(VECTOR.draw);
    const first = draw.buckets[0];
    const broken: unknown[] = [
      [],
      null,
      { ...draw, secret: "short" },
      { ...draw, commitment: draw.commitment.toUpperCase() },
      { ...draw, saleId: "a|b" },
      { ...draw, beacon: 7 },
      { ...draw, buckets: "none" },
      { ...draw, buckets: [null] },
      ...[
        { count: 0 },
        { count: 1e15 },
        { firstTicket: 0 },
        { bucket: 0.5 },
        { sealedAt: "yesterday" },
        { digest: 1 },
      ].map((wrong) => ({ ...draw, buckets: [{ ...first, ...wrong }] })),
    ];
    for (const each of broken) {
      const verdict = await verify({ ...VECTOR, draw: JSON.stringify(each) });
      expect(failed(verdict), JSON.stringify(each)).toEqual(["file"]);
    }
    expect(failed(await verify({ ...VECTOR, draw: "{" }))).toEqual(["file"]);
  });

  test("another algorithm is not guessed at", async () => {
    const draw = VECTOR.draw.replace("dropgate-draw-1", "dropgate-draw-2");
    expect(failed(await verify({ ...VECTOR, draw }))).toEqual(["algorithm"]);
  });
});

/** Some hundred changed bytes, at places and to values that the seed picks. */
async function everyByte(text: string, check: (tampered: Buffer) => Promise<void>): Promise<void> {
  const original = Buffer.from(text);
  const place = fc.nat({ max: original.length - 1 });
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const tampered = Buffer.from(original);
      tampered[at] = (original[at] ?? 0) ^ change;
      await check(tampered);
    }),
    { numRuns: 400 },
  );
}

function unlessItThrows(judge: () => boolean): boolean {
  try {
    return judge();
  } catch {
    return false;
  }
}
