// The proof of the draw: what anybody needs to check it, and the drawn entries as a stream.
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { DRAW_ALGORITHM, type Draw } from "@dropgate/contracts/draw";
import { STREAM_PAGE_ROWS } from "@dropgate/contracts/limits";
import { refuse } from "@dropgate/contracts/refusals";
import { listDrawnEntries, readBeacon } from "@dropgate/sql/sales/draw";
import { readSale } from "@dropgate/sql/sales/sale-row";
import { type BucketRow, readDrawnBuckets, readRanges } from "@dropgate/sql/sealing/buckets";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import type { Services } from "../services.ts";

/** A drawn bucket never changes again. */
const IMMUTABLE = "public, max-age=31536000, immutable";
const NDJSON_TYPE = "application/x-ndjson";

export function drawRoutes({ truth }: Services): Pick<Handlers, "getDraw" | "getDrawEntries"> {
  return {
    async getDraw(call) {
      // From PostgreSQL itself: the secret must not come a moment before the close, nor the proof from a copy.
      const sale = await readSale(truth, parameter(call, "saleId"));
      if (sale === null) return refuse("SALE_NOT_FOUND");
      const [buckets, beacon] = await Promise.all([
        readDrawnBuckets(truth, sale.id),
        readBeacon(truth, sale.id),
      ]);
      return json(200, {
        saleId: sale.id,
        algorithm: DRAW_ALGORITHM,
        commitment: sale.commitment.toString("hex"),
        secret: sale.secret?.toString("hex") ?? null,
        beacon,
        buckets: buckets.map(bucketView),
      } satisfies Draw);
    },

    async getDrawEntries(call) {
      const sale = await readSale(truth, parameter(call, "saleId"));
      if (sale === null) return refuse("SALE_NOT_FOUND");
      const drawn = await readDrawnBuckets(truth, sale.id);
      const { bucket } = call.query;
      const wanted = bucket === undefined ? drawn : drawn.filter((row) => row.bucket === bucket);
      const zipped = /\bgzip\b/.test(call.head.acceptEncoding);
      const [only] = wanted;
      const headers: [string, string][] = [["vary", "accept-encoding"]];
      if (zipped) headers.push(["content-encoding", "gzip"]);
      let cacheControl = "no-store";
      if (bucket !== undefined && only !== undefined) {
        // The digest names the list, and its tickets follow from it: the same bytes for ever.
        const etag = `"${only.digest.toString("hex")}${zipped ? "-gzip" : ""}"`;
        headers.push(["etag", etag]);
        cacheControl = IMMUTABLE;
        if (call.head.ifNoneMatch === etag) {
          return { ok: true, status: 304, body: "", contentType: NDJSON_TYPE, cacheControl, headers };
        }
      }
      const stream = zipped ? gzipped(lines(wanted)) : lines(wanted);
      return { ok: true, status: 200, contentType: NDJSON_TYPE, cacheControl, headers, stream };
    },
  };

  async function* lines(buckets: readonly BucketRow[]): AsyncGenerator<string> {
    for (const { saleId, bucket } of buckets) {
      const ranges = await readRanges(truth, saleId, bucket);
      for await (const page of listDrawnEntries(truth, saleId, ranges, STREAM_PAGE_ROWS)) {
        let text = "";
        for (const { entryId, ticket } of page) {
          text += `{"bucket":${bucket},"entryId":"${entryId}","ticket":${ticket}}\n`;
        }
        yield text;
      }
    }
  }
}

/** Compressed as it comes, no faster than it is taken. Ids are chance itself: more than the quickest level wins little. */
async function* gzipped(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 1 });
  const fed = pipeline(pieces, gzip);
  // Its error, if any, comes out of the loop below.
  fed.catch(() => {});
  for await (const piece of gzip) yield piece as Buffer;
}

function bucketView(row: BucketRow): Draw["buckets"][number] {
  // A drawn bucket has all of these: the table's own constraint.
  if (row.seed === null || row.firstTicket === null || row.sealedAt === null) {
    throw new Error(`bucket ${row.bucket} of ${row.saleId} is drawn but not sealed`);
  }
  return {
    bucket: row.bucket,
    count: row.count,
    digest: row.digest.toString("hex"),
    seed: row.seed.toString("hex"),
    firstTicket: row.firstTicket,
    sealedAt: row.sealedAt.toISOString(),
    ...(row.recovered && { recovered: true }),
  };
}
