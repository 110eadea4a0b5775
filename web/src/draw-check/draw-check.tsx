// Checks the draw here, in the shopper's own browser, with the verifier that shares no code with the drawing. A proof
// that does not hold is shown in red, not hidden.
import type { Check } from "@dropgate/draw";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import type { DrawTexts } from "../texts/en-draw.ts";
import { texts as pageTexts } from "../texts/texts.ts";
import type { CheckNews, Fingerprints } from "./draw-news.ts";
import { runCheck } from "./run-check.ts";

/**
 * Replaces what is in `place` by the check, and runs it.
 * @param entryId whose number to work out anew, or null
 * @throws when its words do not come; then nothing was replaced
 */
export async function checkDraw(place: Element, saleId: string, entryId: string | null): Promise<void> {
  const texts = await pageTexts.draw();
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren();
  const proof = `/api/v1/sales/${saleId}/draw`;
  createRoot(place).render(<DrawCheck proof={proof} entryId={entryId} texts={texts} hadFocus={hadFocus} />);
}

type Stand = CheckNews | { kind: "stopped" };

const BEGIN: Stand = { kind: "reading", read: 0, listed: 0 };

function DrawCheck(props: {
  proof: string;
  entryId: string | null;
  texts: DrawTexts;
  /** The button that this stands for was focused: ours takes over. */
  hadFocus: boolean;
}): ReactNode {
  const { proof, entryId, texts, hadFocus } = props;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (hadFocus) button.current?.focus();
  }, [hadFocus]);
  const [stand, setStand] = useState<Stand>(BEGIN);
  const [isRunning, setRunning] = useState(true);
  useEffect(() => {
    if (!isRunning) return;
    return runCheck({ proof, entryId }, (next) => {
      setStand(next);
      if (next.kind !== "reading") setRunning(false);
    });
  }, [proof, entryId, isRunning]);

  function begin(): void {
    setStand(BEGIN);
    setRunning(true);
  }
  function stop(): void {
    setRunning(false);
    setStand({ kind: "stopped" });
  }

  return (
    <div className="dg-checked">
      {stand.kind === "reading" ? (
        <>
          <progress
            className="dg-progress"
            aria-label={texts.progressLabel}
            max={1}
            {...(stand.listed > 0 && { value: Math.min(1, stand.read / stand.listed) })}
          />
          <p>{texts.reading(stand.read, Math.max(stand.read, stand.listed))}</p>
        </>
      ) : null}
      {/* One button that stays, whatever it says: the focus stays with it. */}
      <button
        ref={button}
        type="button"
        className="dg-check"
        data-ready=""
        onClick={isRunning ? stop : begin}
      >
        {isRunning ? texts.stop : texts.again}
      </button>
      {/* What came of it is said aloud; how far it is, is the progress bar's to say. */}
      <div className="dg-checked" aria-live="polite">
        {stand.kind === "away" && <p>{texts.away}</p>}
        {stand.kind === "stopped" && <p>{texts.stopped}</p>}
        {stand.kind === "read" && <Result {...stand} texts={texts} />}
      </div>
    </div>
  );
}

type Read = Extract<CheckNews, { kind: "read" }>;

function Result({ verdict, fingerprints, texts }: Read & { texts: DrawTexts }): ReactNode {
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
            <strong>{texts.marks[check.state]}</strong>{" "}
            {texts.checks[check.name][check.state] ?? <span lang="en">{check.detail}</span>}
            <Evidence check={check} texts={texts} />
          </li>
        ))}
      </ul>
      <Shown fingerprints={fingerprints} entryKey={entry?.key ?? null} texts={texts} />
    </>
  );
}

function Shown(props: { fingerprints: Fingerprints; entryKey: string | null; texts: DrawTexts }): ReactNode {
  const { fingerprints, entryKey, texts } = props;
  const rows = (["commitment", "secret", "digest", "key"] as const).map((name) => ({
    label: texts.fingerprints[name],
    hex: name === "key" ? entryKey : fingerprints[name],
  }));
  return (
    <dl className="dg-fingerprints">
      {rows.map(
        ({ label, hex }) =>
          hex !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <code>{hex}</code>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** The verifier's own sentences on single lines: for who wants to look them up, in English. */
function Evidence({ check, texts }: { check: Check; texts: DrawTexts }): ReactNode {
  if (check.evidence.length === 0) return null;
  const rest = check.wrong - check.evidence.length;
  return (
    <ul>
      {check.evidence.map((sentence) => (
        <li key={sentence} lang="en" dir="ltr">
          {sentence}
        </li>
      ))}
      {rest > 0 && <li>{texts.more(rest)}</li>}
    </ul>
  );
}
