// Checks a sale's draw against nothing but its two public files, in Node and in the browser alike. It shares no code
// with the part of Dropgate that draws, so that a mistake there cannot hide here.

import { type BucketAudit, beginBucketAudit, type EntryProof } from "./bucket-audit.ts";
import { CHECKS, type Check, type CheckName, SENTENCES } from "./checks.ts";
import { type Bucket, bytesOfHex, type Draw, hexOfBytes, parseDraw } from "./draw-file.ts";
import { MAX_LINE_CHARACTERS, parseEntryLine } from "./entry-line.ts";
import { beginSeenIds } from "./seen-ids.ts";
import { type Hashes, hmacSha256, plainHashes } from "./sha256.ts";

export type { Check, CheckName } from "./checks.ts";

/**
 * `valid`: all of it holds. `open`: the sale has not closed; all that can be checked before holds.
 * `invalid`: at least one check failed.
 */
export interface Verdict {
  state: "valid" | "open" | "invalid";
  saleId: string | null;
  buckets: number;
  entries: number;
  checks: Check[];
  /** The asked entry: null when none of the lines names it; absent when none was asked. */
  entry?: EntryProof | null;
}

export interface Options {
  /** Whose ticket to work out anew. */
  entryId?: string;
  /** The commitment (hex) that somebody noted before the draw. */
  notedCommitment?: string;
  /** Faster hashes than the built-in ones. */
  hashes?: Hashes;
  /** Called once for each piece of the entries' file. */
  onProgress?: (bytesRead: number, entries: Progress) => void;
}

/** How many entries were read, of how many that the draw file lists. */
export interface Progress {
  read: number;
  listed: number;
}

/** A verification that is fed the entries' file in pieces of any size. */
export interface Verification {
  /** @returns whether more of the file is wanted */
  push(bytes: Uint8Array): boolean;
  /** Entries read so far. */
  read(): number;
  finish(): Verdict;
}

const EVIDENCE_SHOWN = 5;

/**
 * So many lines more than the draw file lists are still looked at, to say where they stand. A list that goes on is wrong
 * already, and would else fill the memory for as long as its server likes.
 */
export const SURPLUS_LINES_MAX = 1_000;

/**
 * Verifies both files. `entries` is the NDJSON, in pieces (a file's or a response's stream). Never throws for what the
 * files say; whatever `entries` throws while reading passes through.
 */
export async function verifyDraw(
  drawText: string,
  entries: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  options: Options = {},
): Promise<Verdict> {
  const parsed = parseDraw(drawText);
  if (!parsed.ok) return unreadable(parsed.problems);
  const verification = beginVerification(parsed.draw, options);
  let bytesRead = 0;
  const listed = parsed.draw.buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const take = (bytes: Uint8Array): boolean => {
    const isMoreWanted = verification.push(bytes);
    bytesRead += bytes.length;
    options.onProgress?.(bytesRead, { read: verification.read(), listed });
    return isMoreWanted;
  };
  if ("getReader" in entries) {
    // Safari's streams cannot be iterated, all of them have a reader.
    const reader = entries.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      if (take(piece.value)) continue;
      await reader.cancel();
      break;
    }
  } else {
    for await (const bytes of entries) if (!take(bytes)) break;
  }
  return verification.finish();
}

/** The same for whoever feeds the pieces himself. */
export function beginVerification(draw: Draw, options: Options = {}): Verification {
  const hashes = options.hashes ?? plainHashes;
  const findings = new Map<CheckName, { wrong: number; evidence: string[] }>();
  const report = (name: CheckName, sentence: string): void => {
    const found = findings.get(name) ?? { wrong: 0, evidence: [] };
    found.wrong++;
    if (found.evidence.length < EVIDENCE_SHOWN) found.evidence.push(sentence);
    findings.set(name, found);
  };
  checkHead(draw, options, hashes, report);

  const listed = new Map(draw.buckets.map((bucket) => [bucket.bucket, bucket]));
  const ended = new Set<number>();
  const linesMax = SURPLUS_LINES_MAX + draw.buckets.reduce((sum, { count }) => sum + count, 0);
  const seen = beginSeenIds();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  const idBytes = new Uint8Array(64);
  let current: { bucket: number; audit: BucketAudit } | null = null;
  let pending = "";
  let line = 0;
  let entries = 0;
  let isOver = false;
  let proof: EntryProof | null = null;

  function endBucket(): void {
    if (current === null) return;
    proof = current.audit.end(report) ?? proof;
    ended.add(current.bucket);
    current = null;
  }

  function auditOf(bucket: number): BucketAudit | null {
    if (current?.bucket === bucket) return current.audit;
    endBucket();
    const stated = listed.get(bucket);
    if (stated === undefined) {
      report("membership", `line ${line}: the draw file lists no bucket ${bucket}`);
      return null;
    }
    if (ended.has(bucket)) {
      report(
        "membership",
        `line ${line}: bucket ${bucket} begins a second time; its lines must stand together`,
      );
      return null;
    }
    const audit = beginBucketAudit(stated, hashes);
    current = { bucket, audit };
    return audit;
  }

  /**
   * While a sale goes on, buckets are drawn between the reading of the one file and of the other. They come after all
   * that the draw file lists, so there the list ends for it.
   */
  function isDrawnSince(bucket: number): boolean {
    if (draw.secret !== null || listed.has(bucket)) return false;
    return ended.size + (current === null ? 0 : 1) === listed.size;
  }

  function takeLine(text: string): void {
    if (isOver) return;
    if (line === linesMax) {
      isOver = true;
      report("counts", `the list goes on beyond line ${line}; the rest was not read`);
      return;
    }
    line++;
    const parsed = parseEntryLine(text);
    if (!parsed.ok) {
      report("lines", `line ${line}: ${parsed.problem}`);
      return;
    }
    if (isDrawnSince(parsed.bucket)) {
      isOver = true;
      return;
    }
    entries++;
    const { written } = encoder.encodeInto(parsed.entryId, idBytes);
    const id = idBytes.subarray(0, written);
    if (seen.seenBefore(hashes.sha256(id))) {
      report("membership", `line ${line}: entry ${parsed.entryId} has been drawn before`);
    }
    auditOf(parsed.bucket)?.add({ line, id, ticket: parsed.ticket }, parsed.entryId === options.entryId);
  }

  function takeText(text: string): void {
    const lines = (pending + text).split("\n");
    // Whatever is over the limit is malformed anyway, so that a file without newlines need not be kept.
    pending = (lines.pop() ?? "").slice(0, MAX_LINE_CHARACTERS + 1);
    for (const each of lines) takeLine(each);
  }

  return {
    push(bytes) {
      if (!isOver) takeText(decoder.decode(bytes, { stream: true }));
      return !isOver;
    },
    read: () => entries,
    finish() {
      takeText(decoder.decode());
      if (pending !== "") takeLine(pending);
      endBucket();
      for (const bucket of draw.buckets) {
        if (!ended.has(bucket.bucket)) {
          report("counts", `bucket ${bucket.bucket} has no entries, the draw file says ${bucket.count}`);
        }
      }
      return verdictOf(draw, options, findings, entries, proof);
    },
  };
}

/** All that the draw file alone shows: who promised what, and whether its parts fit together. */
function checkHead(
  draw: Draw,
  options: Options,
  hashes: Hashes,
  report: (name: CheckName, sentence: string) => void,
): void {
  if (draw.algorithm !== "dropgate-draw-1") {
    report(
      "algorithm",
      `the algorithm is ${JSON.stringify(draw.algorithm)}, this verifier knows dropgate-draw-1`,
    );
  }
  if (options.notedCommitment !== undefined && options.notedCommitment !== draw.commitment) {
    report(
      "noted",
      `the noted commitment is ${options.notedCommitment}, the draw file says ${draw.commitment}`,
    );
  }
  if (draw.secret !== null) {
    const promised = hexOfBytes(hashes.sha256(bytesOfHex(draw.secret)));
    if (promised !== draw.commitment) {
      report("commitment", `the secret's SHA-256 is ${promised}, the commitment is ${draw.commitment}`);
    }
  }
  let next = 1;
  let highest = -1;
  const numbers = new Set<number>();
  for (const bucket of draw.buckets) {
    const name = `bucket ${bucket.bucket}`;
    if (numbers.has(bucket.bucket)) report("buckets", `${name} is listed twice`);
    numbers.add(bucket.bucket);
    if (bucket.firstTicket !== next) {
      report("buckets", `${name} begins at ticket ${bucket.firstTicket}, the next one due is ${next}`);
    }
    next = bucket.firstTicket + bucket.count;
    if (!bucket.recovered) {
      if (bucket.bucket < highest) report("buckets", `${name} was drawn after the later bucket ${highest}`);
      highest = Math.max(highest, bucket.bucket);
    }
    if (draw.secret !== null) {
      const seed = seedOf(draw, bucket, hashes);
      if (seed !== bucket.seed)
        report("seeds", `${name}: the seed is ${bucket.seed}, the secret makes it ${seed}`);
    }
  }
}

/** The beacon is mixed into the lobby alone: later buckets are sealed long after its value is public. */
function seedOf(draw: Draw, bucket: Bucket, hashes: Hashes): string {
  const beacon = bucket.bucket === 0 ? (draw.beacon ?? "") : "";
  const message = `${draw.saleId}|${bucket.bucket}|${bucket.digest}|${beacon}`;
  return hexOfBytes(hmacSha256(hashes, bytesOfHex(draw.secret ?? ""), new TextEncoder().encode(message)));
}

function verdictOf(
  draw: Draw,
  options: Options,
  findings: Map<CheckName, { wrong: number; evidence: string[] }>,
  entries: number,
  proof: EntryProof | null,
): Verdict {
  const isClosed = draw.secret !== null;
  const hasSeeds = draw.buckets.every((bucket) => bucket.seed !== null);
  const isLater = (name: CheckName): boolean =>
    !isClosed && (name === "commitment" || name === "seeds" || (name === "order" && !hasSeeds));
  const checks = CHECKS.filter((name) => name !== "noted" || options.notedCommitment !== undefined).map(
    (name): Check => {
      const found = findings.get(name);
      const state = found !== undefined ? "failed" : isLater(name) ? "later" : "passed";
      return {
        name,
        state,
        detail: SENTENCES[name][state],
        evidence: found?.evidence ?? [],
        wrong: found?.wrong ?? 0,
      };
    },
  );
  const hasFailed = checks.some((check) => check.state === "failed");
  const verdict: Verdict = {
    state: hasFailed ? "invalid" : isClosed ? "valid" : "open",
    saleId: draw.saleId,
    buckets: draw.buckets.length,
    entries,
    checks,
  };
  return options.entryId === undefined ? verdict : { ...verdict, entry: proof };
}

function unreadable(problems: string[]): Verdict {
  const evidence = problems.slice(0, EVIDENCE_SHOWN);
  const file: Check = {
    name: "file",
    state: "failed",
    detail: SENTENCES.file.failed,
    evidence,
    wrong: problems.length,
  };
  return { state: "invalid", saleId: null, buckets: 0, entries: 0, checks: [file] };
}
