// One shopper's place and all that became of it, told in order; and giving the place back.
import type { EntryStory, StoryStep } from "@dropgate/contracts/entry-story";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { useChange, useRead } from "../../api/use-api.ts";
import { restoreEntry } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Badge, Stat, Stats } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { RehearsalBadge } from "../sale/rehearsal-badge.tsx";
import styles from "./entry.module.css";
import { ENTRY_NAMES, standingOf } from "./entry-words.ts";

const EVERY_MS = 3_000;

export default function Entry() {
  const { entryId } = useParams<{ entryId: string }>();
  const {
    value: story,
    problem,
    again,
  } = useRead("getEntryStory", { parameters: { entryId } }, { everyMs: EVERY_MS });
  const above = { name: "Entries", href: pathTo("entries") };
  if (story === undefined) {
    return (
      <Page title="Entry" above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={again} />}
      </Page>
    );
  }
  return (
    <Page
      title={story.ticket === null ? "Entry without a number yet" : `No. ${formats.number(story.ticket)}`}
      above={above}
      badge={
        <>
          <Badge tone={story.state === "purchased" ? "good" : "plain"}>{ENTRY_NAMES[story.state]}</Badge>{" "}
          {story.rehearsal === true && <RehearsalBadge />}
        </>
      }
      actions={<Restore story={story} />}
    >
      {problem !== null && <Refusal problem={problem} again={again} />}
      {story.rehearsal === true && (
        <Notice tone="warning">
          This is a simulated shopper of a rehearsal: nobody bought anything, and the entry is removed with
          it.
        </Notice>
      )}
      <Facts story={story} />
      <Section title="What happened">
        <ol className={styles["story"]}>
          {story.steps.map((step, i) => (
            <Step key={`${step.at}${step.kind}${i}`} step={step} before={story.steps[i - 1]?.at ?? null} />
          ))}
        </ol>
      </Section>
      {story.otherEntries.length > 0 && (
        <Section title="Other entries of this shopper in the sale">
          <ul className="stack">
            {story.otherEntries.map(({ entryId: other, attempt, state }) => (
              <li key={other}>
                <Link href={pathTo("entry", { entryId: other })}>Attempt {attempt}</Link>:{" "}
                {ENTRY_NAMES[state].toLowerCase()}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function Facts({ story }: { story: EntryStory }) {
  const { shopper, saleId, saleTitle, position, unit, orderId, attempt, entryId } = story;
  return (
    <>
      <p className={styles["standing"]}>{standingOf(story, formats)}</p>
      <Stats>
        {position !== null && position > 0 && (
          <Stat name="Ahead in line" value={formats.number(position - 1)} />
        )}
        {unit !== null && <Stat name="Unit" value={formats.number(unit)} />}
        {story.claimBy !== null && <Stat name="To claim by" value={formats.clock(story.claimBy)} />}
        {story.expiresAt !== null && <Stat name="To pay by" value={formats.clock(story.expiresAt)} />}
        {orderId !== null && <Stat name="Order" value={orderId} />}
      </Stats>
      <p>
        {shopper.kind === "customer" ? "Customer" : "Visitor"} <code>{shopper.id}</code> in{" "}
        <Link href={pathTo("sale", { saleId })}>{saleTitle}</Link>, attempt {attempt}. Entry{" "}
        <code>{entryId}</code>.
      </p>
    </>
  );
}

/** @param before when the step before it was: another day is told */
function Step({ step, before }: { step: StoryStep; before: string | null }) {
  // Of a place that was given back the sentence says by whom and why already.
  const isTold = step.kind === "restored";
  const who = step.actorName ?? (step.actor?.startsWith("operator") === true ? "an operator" : null);
  const day = formats.day(step.at);
  return (
    <li data-kind={step.kind}>
      <time dateTime={step.at} title={formats.exact(step.at)}>
        {(before === null || formats.day(before) !== day) && <span>{day}</span>}
        {formats.clock(step.at)}
      </time>
      <span>
        {step.sentence}
        {who !== null && !isTold && <span className="soft"> By {who}.</span>}
        {step.reason !== null && !isTold && <span className="soft"> “{step.reason}”</span>}
      </span>
    </li>
  );
}

function Restore({ story }: { story: EntryStory }) {
  const { operator } = useSession();
  const restore = useChange("restoreEntry", ["getEntryStory", "searchEntries"]);
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const place = story.ticket === null ? "their place" : `place no. ${formats.number(story.ticket)}`;
  return (
    <>
      <Button whyNot={restoreEntry(operator.role, story.restore)} showWhyNot onPress={() => setOpen(true)}>
        Give the place back
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        whyNot={reason.trim() === "" ? "Say why: it stands in the audit." : null}
        onYes={async () => {
          const outcome = await restore.run({
            parameters: { entryId: story.entryId },
            body: { reason: reason.trim() },
          });
          if (outcome.ok) say("The place is given back. Their page shows it at once.");
          return outcome;
        }}
        question={{
          title: "Give this shopper the place back?",
          text: `One shopper stands in line again with ${place}, ahead of everybody with a higher number. It can be done once.`,
          yes: "Give the place back",
        }}
      >
        <Field
          label="Why"
          required
          rows={2}
          value={reason}
          onChange={setReason}
          hint="Stands in the audit under your name."
        />
      </Confirm>
    </>
  );
}
