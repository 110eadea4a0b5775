// The page's live regions: one that waits for a pause in speech, and one for the offer alone that does not.

import type { Snapshot } from "@dropgate/client/room/room-store";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { CardContent } from "../card/card-content.ts";
import { texts } from "../texts/texts.ts";
import { type Announcement, announce, type Sayable, sayableOf } from "./announcement.ts";
import styles from "./announcer.module.css";

export function Announcer({ snapshot, content }: { snapshot: Snapshot; content: CardContent }): ReactNode {
  const before = useRef<Sayable | null>(null);
  const [said, setSaid] = useState<Announcement>({ isUrgent: false, text: "" });
  useEffect(() => {
    const now = sayableOf(snapshot, content, texts);
    const announcement = announce(before.current, now, snapshot, content, texts);
    before.current = now;
    if (announcement !== null) setSaid(announcement);
  }, [snapshot, content]);
  return (
    <>
      <p className={styles.heard} aria-live="polite">
        {said.isUrgent ? "" : said.text}
      </p>
      <p className={styles.heard} aria-live="assertive">
        {said.isUrgent ? said.text : ""}
      </p>
    </>
  );
}
