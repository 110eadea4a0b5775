// The check itself, beside the page: a million numbers take seconds, in which the countdown goes on. The list is read
// as it comes and forgotten bucket by bucket.
import { verifyDraw } from "@dropgate/draw";
import type { CheckNews, CheckOrder, Fingerprints } from "./draw-news.ts";

/** A worker talks to its page alone, and has no origin to name; the page's own types know only a window's way. */
const tell = (postMessage as unknown as (news: CheckNews) => void).bind(globalThis);

const TELL_MS = 100;

addEventListener("message", ({ data }: MessageEvent<CheckOrder>) => {
  check(data).then(tell, () => tell({ kind: "away" }));
});

async function check({ proof, entryId }: CheckOrder): Promise<CheckNews> {
  // One after the other: a list that was read first would lack what the draw file has since come to list.
  const draw = await fetch(proof);
  if (!draw.ok) return { kind: "away" };
  const text = await draw.text();
  const entries = await fetch(`${proof}/entries`);
  if (!entries.ok || entries.body === null) return { kind: "away" };
  let toldAt = 0;
  const onProgress = (_bytes: number, { read, listed }: { read: number; listed: number }) => {
    const now = performance.now();
    if (now - toldAt < TELL_MS) return;
    toldAt = now;
    tell({ kind: "reading", read, listed });
  };
  const options = entryId === null ? { onProgress } : { onProgress, entryId };
  const verdict = await verifyDraw(text, entries.body, options);
  return { kind: "read", verdict, fingerprints: fingerprintsOf(text, verdict.entry?.bucket ?? 0) };
}

/** What anyone may note down or compare; none of a file that cannot be read. */
function fingerprintsOf(text: string, bucket: number): Fingerprints {
  try {
    const draw = JSON.parse(text) as Partial<{
      commitment: string;
      secret: string | null;
      buckets: { bucket: number; digest: string }[];
    }>;
    const digest = draw.buckets?.find((each) => each.bucket === bucket)?.digest;
    return { commitment: draw.commitment ?? null, secret: draw.secret ?? null, digest: digest ?? null };
  } catch {
    return { commitment: null, secret: null, digest: null };
  }
}
