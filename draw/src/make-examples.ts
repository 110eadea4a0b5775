// Writes the worked examples, draw/examples/*, straight from the format's text (docs/concepts/fairness.md). It shares
// no line with the verifier on purpose: what two separate readings of the text agree on is what the text says.

import { createHash, createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface ExampleBucket {
  bucket: number;
  ids: string[];
  sealedAt: string;
  recovered?: boolean;
}

interface ExampleSale {
  saleId: string;
  secret: Buffer;
  beacon: string | null;
  buckets: ExampleBucket[];
}

/** The two files of a sale, as objects that can still be tampered with. */
export interface Example {
  draw: {
    saleId: string;
    algorithm: string;
    commitment: string;
    secret: string | null;
    beacon: string | null;
    buckets: {
      bucket: number;
      count: number;
      digest: string;
      seed: string;
      firstTicket: number;
      sealedAt: string;
      recovered?: boolean;
    }[];
  };
  entries: { bucket: number; entryId: string; ticket: number }[];
}

/** Draws a sale by the text of dropgate-draw-1. */
export function drawByTheText(sale: ExampleSale, isClosed: boolean): Example {
  const example: Example = {
    draw: {
      saleId: sale.saleId,
      algorithm: "dropgate-draw-1",
      commitment: createHash("sha256").update(sale.secret).digest("hex"),
      secret: isClosed ? sale.secret.toString("hex") : null,
      beacon: sale.beacon,
      buckets: [],
    },
    entries: [],
  };
  let firstTicket = 1;
  for (const { bucket, ids, sealedAt, recovered } of sale.buckets) {
    const digest = createHash("sha256")
      .update(ids.map((id) => `${id}\n`).join(""))
      .digest("hex");
    const beacon = bucket === 0 ? (sale.beacon ?? "") : "";
    const seed = createHmac("sha256", sale.secret)
      .update(`${sale.saleId}|${bucket}|${digest}|${beacon}`)
      .digest();
    const keyed = ids.map((id) => ({
      id,
      key: createHash("sha256").update(seed).update(id, "utf8").digest(),
    }));
    const ordered = keyed.toSorted(
      (a, b) => Buffer.compare(a.key, b.key) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
    );
    const ticketOf = new Map(ordered.map(({ id }, rank) => [id, firstTicket + rank]));
    for (const id of ids) example.entries.push({ bucket, entryId: id, ticket: ticketOf.get(id) ?? 0 });
    example.draw.buckets.push({
      bucket,
      count: ids.length,
      digest,
      seed: seed.toString("hex"),
      firstTicket,
      sealedAt,
      ...(recovered === undefined ? {} : { recovered }),
    });
    firstTicket += ids.length;
  }
  return example;
}

/** Entry ids that look as the gateway's do: the sale's tag, the lane, 16 bytes of keyed hash. */
export function exampleIds(sale: string, bucket: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const hash = createHmac("sha256", sale).update(`shopper ${bucket}/${index}`).digest().subarray(0, 16);
    return `ex${index % 4}-${hash.toString("base64url")}`;
  });
}

function exampleSale(saleId: string): ExampleSale {
  return {
    saleId,
    secret: createHash("sha256").update(`the secret of ${saleId}`).digest(),
    beacon: null,
    buckets: [
      { bucket: 0, ids: exampleIds(saleId, 0, 24), sealedAt: "2026-11-27T10:00:00.412Z" },
      { bucket: 1, ids: exampleIds(saleId, 1, 7), sealedAt: "2026-11-27T10:00:02.006Z" },
      { bucket: 4, ids: exampleIds(saleId, 4, 1), sealedAt: "2026-11-27T10:00:05.118Z", recovered: true },
      { bucket: 3, ids: exampleIds(saleId, 3, 5), sealedAt: "2026-11-27T10:00:05.330Z" },
    ],
  };
}

const clone = (example: Example): Example => structuredClone(example);

/** Every worked example by its folder's name. */
export function workedExamples(): Map<string, Example> {
  const closed = drawByTheText(exampleSale("aurora-console"), true);
  const open = drawByTheText(exampleSale("aurora-console"), false);
  const beacon = drawByTheText(
    { ...exampleSale("aurora-beacon"), beacon: "round 4242: 9f86d081884c7d65" },
    true,
  );

  const swapped = clone(closed);
  const [first, second] = swapped.entries;
  if (first !== undefined && second !== undefined) {
    [first.ticket, second.ticket] = [second.ticket, first.ticket];
  }

  const insider = clone(closed);
  insider.entries.splice(3, 0, { bucket: 0, entryId: "ex3-friendOfTheHouse", ticket: 1 });

  const replaced = clone(closed);
  const victim = replaced.entries[5];
  if (victim !== undefined) victim.entryId = "ex1-friendOfTheHouse";

  const dropped = clone(closed);
  dropped.entries.splice(10, 1);

  const twice = clone(closed);
  const [again] = twice.entries;
  const last = twice.entries.at(-1);
  if (again !== undefined && last !== undefined) last.entryId = again.entryId;

  // A whole second draw with a luckier secret: everything fits together but for the promise made before.
  const redrawn = drawByTheText(
    { ...exampleSale("aurora-console"), secret: createHash("sha256").update("a luckier secret").digest() },
    true,
  );
  redrawn.draw.commitment = closed.draw.commitment;

  const reseeded = clone(closed);
  const lobby = reseeded.draw.buckets[0];
  if (lobby !== undefined) lobby.seed = createHash("sha256").update("a luckier seed").digest("hex");

  const gap = clone(closed);
  const later = gap.draw.buckets.at(-1);
  if (later !== undefined) later.firstTicket += 1;

  return new Map([
    ["valid-closed", closed],
    ["valid-open", open],
    ["valid-beacon", beacon],
    ["tampered-tickets-swapped", swapped],
    ["tampered-entry-added", insider],
    ["tampered-entry-replaced", replaced],
    ["tampered-entry-dropped", dropped],
    ["tampered-entry-twice", twice],
    ["tampered-secret-exchanged", redrawn],
    ["tampered-seed-exchanged", reseeded],
    ["tampered-ticket-gap", gap],
  ]);
}

/** The texts of an example's two files. */
export function filesOf(example: Example): { draw: string; entries: string } {
  return {
    draw: `${JSON.stringify(example.draw, null, 2)}\n`,
    entries: example.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
  };
}

export const EXAMPLES_FOLDER = fileURLToPath(new URL("../examples/", import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, example] of workedExamples()) {
    const { draw, entries } = filesOf(example);
    mkdirSync(join(EXAMPLES_FOLDER, name), { recursive: true });
    writeFileSync(join(EXAMPLES_FOLDER, name, "draw.json"), draw);
    writeFileSync(join(EXAMPLES_FOLDER, name, "entries.ndjson"), entries);
  }
}
