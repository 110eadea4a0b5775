// A link that takes the place along: as a code for a phone's camera, and as text to copy. Its secret stands behind the
// `#`, so no server and no log sees it on the way.

import type { KeptEntry } from "@dropgate/client/room/room-state";
import { generate } from "lean-qr";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import card from "../card/card.module.css";
import type { AwayTexts } from "../texts/en-away.ts";
import { Dialog } from "./dialog.tsx";
import styles from "./notify.module.css";
import { makeLink } from "./room-calls.ts";
import { sentenceFor } from "./sentences.ts";

type Made =
  | { kind: "making" }
  | { kind: "made"; url: string; lastsMs: number }
  | { kind: "over" }
  | { kind: "refused"; text: string };

export function DeviceLink(props: { kept: KeptEntry; words: AwayTexts; onClose: () => void }): ReactNode {
  const { kept, words, onClose } = props;
  const [made, setMade] = useState<Made>({ kind: "making" });
  const [isCopied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const over = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { device } = words;

  const show = useCallback((next: Made): void => {
    setMade(next);
    clearTimeout(over.current);
    if (next.kind === "made") over.current = setTimeout(() => setMade({ kind: "over" }), next.lastsMs);
  }, []);
  useEffect(() => {
    let isOpen = true;
    const first = async (): Promise<void> => {
      const next = await linkFor(kept, words);
      if (isOpen) show(next);
    };
    void first();
    return () => {
      isOpen = false;
      clearTimeout(over.current);
    };
  }, [kept, words, show]);

  async function makeAgain(): Promise<void> {
    setMade({ kind: "making" });
    setCopied(false);
    show(await linkFor(kept, words));
  }

  async function copy(url: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(true);
    } catch {
      // Not allowed here: it is selected, and the shopper's own keys copy it.
      field.current?.select();
    }
  }

  return (
    <Dialog title={device.title} onClose={onClose}>
      <p>{device.text}</p>
      {made.kind === "made" && (
        <>
          <Code text={made.url} label={device.code} />
          <label className={styles.field}>
            {device.link}
            <input
              ref={field}
              readOnly
              value={made.url}
              dir="ltr"
              onFocus={(event) => event.target.select()}
            />
          </label>
        </>
      )}
      <output className={styles.said} data-bad={made.kind === "refused"}>
        {isCopied && made.kind === "made" ? device.copied : ""}
        {made.kind === "making" ? device.making : made.kind === "over" ? device.over : ""}
        {made.kind === "refused" ? made.text : ""}
      </output>
      <div className={card["answers"]}>
        {made.kind === "made" ? (
          <button type="button" className={card["primary"]} onClick={() => void copy(made.url)}>
            {device.copy}
          </button>
        ) : (
          <button
            type="button"
            className={card["primary"]}
            aria-disabled={made.kind === "making"}
            onClick={() => made.kind !== "making" && void makeAgain()}
          >
            {device.again}
          </button>
        )}
        <button type="button" className={card["other"]} onClick={onClose}>
          {words.close}
        </button>
      </div>
    </Dialog>
  );
}

async function linkFor(kept: KeptEntry, words: AwayTexts): Promise<Made> {
  const askedAt = Date.now();
  const called = await makeLink(kept);
  if (!called.ok) return { kind: "refused", text: sentenceFor(called.refusal, words) };
  // The page as this browser has it: it is the one that surely works.
  const url = `${location.origin}${location.pathname}${new URL(called.value.url).hash}`;
  return { kind: "made", url, lastsMs: LASTS_MS - (Date.now() - askedAt) };
}

/** Ten minutes, as the link's text says; the server's clock decides. */
const LASTS_MS = 600_000;
/** The white that a code needs around it, in squares. */
const QUIET = 4;

function Code({ text, label }: { text: string; label: string }): ReactNode {
  const code = generate(text);
  let path = "";
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
  const side = code.size + 2 * QUIET;
  return (
    <svg
      className={styles.code}
      role="img"
      aria-label={label}
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000000" />
    </svg>
  );
}
