// Checks the draw here, in the shopper's own browser, with the verifier that shares no code with the drawing. A proof
// that does not hold is shown in red, not hidden.
import { type Check, type Verdict, verifyDraw } from "@dropgate/draw";
import { type ReactNode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { enDraw as texts } from "../texts/en-draw.ts";

/**
 * Replaces what is in `place` by the check, and runs it.
 * @param entryId whose number to work out anew, or null
 */
export function checkDraw(place: Element, saleId: string, entryId: string | null): void {
  place.replaceChildren();
  createRoot(place).render(<DrawCheck saleId={saleId} entryId={entryId} />);
}

type Stand = { kind: "reading"; bytes: number } | { kind: "away" } | { kind: "read"; verdict: Verdict };

function DrawCheck({ saleId, entryId }: { saleId: string; entryId: string | null }): ReactNode {
  const [stand, setStand] = useState<Stand>({ kind: "reading", bytes: 0 });
  useEffect(() => {
    const reading = new AbortController();
    const show = (next: Stand) => {
      if (!reading.signal.aborted) setStand(next);
    };
    readVerdict(saleId, entryId, reading.signal, (bytes) => show({ kind: "reading", bytes })).then(
      (verdict) => show(verdict === null ? { kind: "away" } : { kind: "read", verdict }),
      () => show({ kind: "away" }),
    );
    return () => reading.abort();
  }, [saleId, entryId]);

  return (
    <div className="dg-checked" aria-live="polite">
      {stand.kind === "reading" && <p>{texts.reading(stand.bytes)}</p>}
      {stand.kind === "away" && <p>{texts.away}</p>}
      {stand.kind === "read" && <Result verdict={stand.verdict} />}
    </div>
  );
}

/** @returns null when the server did not give both files; throws when the line breaks in between */
async function readVerdict(
  saleId: string,
  entryId: string | null,
  signal: AbortSignal,
  onProgress: (bytesRead: number) => void,
): Promise<Verdict | null> {
  const proof = `/api/v1/sales/${saleId}/draw`;
  const [draw, entries] = await Promise.all([
    fetch(proof, { signal }),
    fetch(`${proof}/entries`, { signal }),
  ]);
  if (!draw.ok || !entries.ok || entries.body === null) return null;
  const options = entryId === null ? { onProgress } : { onProgress, entryId };
  return verifyDraw(await draw.text(), entries.body, options);
}

function Result({ verdict }: { verdict: Verdict }): ReactNode {
  const { state, entries, entry } = verdict;
  return (
    <>
      <p className="dg-verdict" data-state={state}>
        {state === "invalid" ? texts.verdicts.invalid : texts.verdicts[state](entries)}
      </p>
      {entry !== undefined && (
        <p>{entry === null ? texts.notListed : texts.own(entry.claimed, entry.recomputed)}</p>
      )}
      <ul className="dg-checks">
        {verdict.checks.map((check) => (
          <li key={check.name} data-state={check.state}>
            <strong>{texts.marks[check.state]}</strong> {check.detail}
            <Evidence check={check} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Evidence({ check }: { check: Check }): ReactNode {
  if (check.evidence.length === 0) return null;
  const rest = check.wrong - check.evidence.length;
  return (
    <ul>
      {check.evidence.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
      {rest > 0 && <li>{texts.more(rest)}</li>}
    </ul>
  );
}
