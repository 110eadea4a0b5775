// The command line of the verifier: two downloaded files in, a verdict in sentences and an exit code out.

import { createHash, hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";
import { MAX_DRAW_FILE_BYTES } from "./draw-file.ts";
import type { Hashes } from "./sha256.ts";
import { type Check, type Verdict, verifyDraw } from "./verify.ts";

const HELP = `Checks the draw of a Dropgate sale from its two public files.

  verify-draw <draw.json> <entries.ndjson> [--entry <entryId>] [--commitment <hex>] [--json]

  draw.json          what GET /api/v1/sales/{saleId}/draw answers
  entries.ndjson     what GET /api/v1/sales/{saleId}/draw/entries answers (plain or gzip; - reads standard input)

  --entry <entryId>  also work out this entry's own ticket
  --commitment <hex> compare the commitment with the one that you noted before the draw
  --json             print the verdict as JSON
  --help             print this

Exit codes
  0  valid      the sale has closed and all of the draw holds
  1  invalid    at least one check failed; which and where is printed
  2  usage      a wrong argument, or a file that cannot be read
  3  open       the sale has not closed: all that can be checked before the close holds
`;

const EXIT: Record<Verdict["state"], number> = { valid: 0, invalid: 1, open: 3 };
const EXIT_USAGE = 2;

/** node:crypto's, three times as fast as the ones that run anywhere. */
const nodeHashes: Hashes = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  begin: () => {
    const running = createHash("sha256");
    return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
  },
};

async function run(args: string[]): Promise<number> {
  const call = readCall(args);
  if (call.kind === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (call.kind === "wrong") return usage(call.sentence);
  try {
    const size = (await stat(call.drawFile)).size;
    if (size > MAX_DRAW_FILE_BYTES) return usage(`${call.drawFile} has ${size} bytes: that is no draw file`);
    const drawText = await readFile(call.drawFile, "utf8");
    const progress = await beginProgress(call.entriesFile);
    const verdict = await verifyDraw(drawText, await openEntries(call.entriesFile), {
      hashes: nodeHashes,
      onProgress: progress.show,
      ...(call.entryId === undefined ? {} : { entryId: call.entryId }),
      ...(call.commitment === undefined ? {} : { notedCommitment: call.commitment }),
    });
    progress.clear();
    process.stdout.write(
      call.isJson ? `${JSON.stringify(verdict, null, 2)}\n` : describe(verdict, call.entryId),
    );
    return EXIT[verdict.state];
  } catch (error) {
    // Only what the system says about a file, or zlib about its contents, is the caller's: the rest is a bug.
    if (error instanceof Error && "code" in error) return usage(error.message);
    throw error;
  }
}

type Call =
  | { kind: "help" }
  | { kind: "wrong"; sentence: string }
  | {
      kind: "verify";
      drawFile: string;
      entriesFile: string;
      entryId: string | undefined;
      commitment: string | undefined;
      isJson: boolean;
    };

function readCall(args: string[]): Call {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        entry: { type: "string" },
        commitment: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    const [drawFile, entriesFile, ...more] = positionals;
    if (drawFile === undefined || entriesFile === undefined || more.length > 0) {
      return { kind: "wrong", sentence: "two files are needed: draw.json and entries.ndjson" };
    }
    const commitment = values.commitment?.trim().toLowerCase();
    if (commitment !== undefined && !/^[0-9a-f]{64}$/.test(commitment)) {
      return { kind: "wrong", sentence: "--commitment takes 64 hex digits" };
    }
    return { kind: "verify", drawFile, entriesFile, entryId: values.entry, commitment, isJson: values.json };
  } catch (error) {
    return { kind: "wrong", sentence: error instanceof Error ? error.message : String(error) };
  }
}

function usage(sentence: string): number {
  process.stderr.write(`verify-draw: ${sentence}\n\nverify-draw --help tells how it is called.\n`);
  return EXIT_USAGE;
}

/** A downloaded file may still be as the gateway compressed it: the first two bytes tell. */
async function openEntries(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === "-") return process.stdin;
  const file = await open(path);
  const { buffer } = await file.read(new Uint8Array(2), 0, 2, 0);
  await file.close();
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (buffer[0] !== 0x1f || buffer[1] !== 0x8b) return bytes;
  const plain = createGunzip();
  bytes.on("error", (error) => plain.destroy(error));
  return bytes.pipe(plain);
}

/** A line that counts up, only where somebody watches and the file is long enough to wait for. */
async function beginProgress(path: string): Promise<{ show: (bytes: number) => void; clear: () => void }> {
  const size = path === "-" ? 0 : (await stat(path)).size;
  const isWatched = process.stderr.isTTY && size > 4 * 1024 * 1024;
  let shown = 0;
  return {
    show(bytes) {
      if (!isWatched || bytes - shown < 1024 * 1024) return;
      shown = bytes;
      const share = bytes > size ? "" : ` ${Math.floor((bytes / size) * 100)} %`;
      process.stderr.write(`\rreading ${(bytes / 1024 / 1024).toFixed(0)} MiB${share}\u001b[K`);
    },
    clear() {
      if (shown > 0) process.stderr.write("\r\u001b[K");
    },
  };
}

function describe(verdict: Verdict, entryId: string | undefined): string {
  const count = new Intl.NumberFormat("en");
  const head =
    verdict.saleId === null
      ? "The draw file could not be read."
      : `Sale ${verdict.saleId}: ${count.format(verdict.entries)} entries in ${count.format(verdict.buckets)} buckets`;
  const lines = [head, "", ...verdict.checks.flatMap(describeCheck), ""];
  if (entryId !== undefined) lines.push(...describeEntry(verdict, entryId), "");
  lines.push(paint(LAST[verdict.state], COLOUR[verdict.state]));
  return `${lines.join("\n")}\n`;
}

function describeCheck(check: Check): string[] {
  const mark = { passed: paint("✓", "32"), failed: paint("✗", "31"), later: paint("…", "33") }[check.state];
  const more = check.wrong - check.evidence.length;
  return [
    `  ${mark} ${check.name.padEnd(11)} ${check.detail}`,
    ...check.evidence.map((sentence) => `      ${sentence}`),
    ...(more > 0 ? [`      and ${more} more`] : []),
  ];
}

function describeEntry(verdict: Verdict, entryId: string): string[] {
  const entry = verdict.entry ?? null;
  if (entry === null) return [`  Entry ${entryId} is not in the list.`];
  const claim = `  Entry ${entryId}: bucket ${entry.bucket}, line ${entry.line}, ticket ${entry.claimed}`;
  if (entry.recomputed === null) return [claim, "    it can be worked out anew when the seeds are published"];
  const agrees = entry.recomputed === entry.claimed ? paint("the same", "32") : paint("NOT the same", "31");
  return [claim, `    worked out anew: ticket ${entry.recomputed}, ${agrees}`, `    its key: ${entry.key}`];
}

const LAST: Record<Verdict["state"], string> = {
  valid: "VALID. The order is the one that the secret gives to the sealed lists.",
  open: "SO FAR IT HOLDS. The sale has not closed: verify again after the close, when its secret is published.",
  invalid: "INVALID. This is not a draw as it was promised.",
};
const COLOUR: Record<Verdict["state"], string> = { valid: "32", open: "33", invalid: "31" };

function paint(text: string, colour: string): string {
  const isColoured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  return isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

process.exitCode = await run(process.argv.slice(2));
