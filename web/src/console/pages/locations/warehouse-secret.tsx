// The secret that a location shares with its warehouse: whether it has one of its own, and giving it another. It is told to
// the server and never told back.
import { useState } from "react";
import { useChange, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { OVERLAPS } from "../settings/overlaps.ts";
import { ForCopying } from "../settings/shown-once.tsx";

const TOUCHED = ["getWmsSecret"] as const;
const A_DAY = "86400";

interface Where {
  locationId: string;
  name: string;
}

export function WarehouseSecret({ locationId, name }: Where) {
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const { value, problem, again } = useRead("getWmsSecret", { parameters: { locationId } });
  const [asks, setAsks] = useState<"own" | "shared" | null>(null);
  const isOwn = value?.signedBy === "own";
  const close = (): void => setAsks(null);
  return (
    <Section
      title="Secret shared with the warehouse"
      actions={
        value !== undefined && (
          <>
            <Button size="small" whyNot={whyNot} onPress={() => setAsks("own")}>
              {isOwn ? "Change the secret" : "Give it a secret of its own"}
            </Button>
            {isOwn && (
              <Button size="small" whyNot={whyNot} onPress={() => setAsks("shared")}>
                Back to the shared one
              </Button>
            )}
          </>
        )
      }
    >
      {value === undefined ? (
        problem === null ? (
          <Skeleton lines={3} />
        ) : (
          <Refusal problem={problem} again={again} />
        )
      ) : (
        <Card>
          <Facts
            facts={[
              [
                "Messages are signed with",
                isOwn ? "a secret of its own" : "the one of all locations (WMS_SECRET)",
              ],
              ["Set", value.setAt === null ? "never" : formats.exact(value.setAt)],
              [
                "The earlier one is believed",
                value.previousUntil === null ? "no more" : `until ${formats.exact(value.previousUntil)}`,
              ],
            ]}
          />
        </Card>
      )}
      {asks === "own" && <OwnSecret locationId={locationId} name={name} isChange={isOwn} onClose={close} />}
      {asks === "shared" && <SharedSecret locationId={locationId} name={name} onClose={close} />}
    </Section>
  );
}

function OwnSecret({
  locationId,
  name,
  isChange,
  onClose,
}: Where & { isChange: boolean; onClose: () => void }) {
  const change = useChange("putWmsSecret", TOUCHED);
  const [made] = useState(newSecret);
  const [isMade, setMade] = useState<"made" | "theirs">("made");
  const fields = useFields({ secret: "", overlapSeconds: A_DAY }, change.problem);
  async function submit(): Promise<void> {
    const { secret, overlapSeconds } = fields.values;
    const outcome = await change.run({
      parameters: { locationId },
      body: { secret: isMade === "made" ? made : secret, overlapSeconds: Number(overlapSeconds) },
    });
    if (!outcome.ok) return;
    say(
      `The secret is set. It is not shown again, here or anywhere. ${untilText(outcome.value.previousUntil)}`,
    );
    onClose();
  }
  return (
    <FormDialog
      title={isChange ? `Change the secret of ${name}?` : `A secret of its own for ${name}`}
      intro="Give it to the warehouse first: what it is asked is signed with the new one at once, and it answers 401 until it knows it. It is asked again, so nothing is lost."
      submit="Set the secret"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Choice
        label="Secret"
        value={isMade}
        options={[
          { value: "made", name: "One that is made here" },
          { value: "theirs", name: "The warehouse's own" },
        ]}
        onChange={setMade}
      />
      {isMade === "made" ? (
        <div>
          <ForCopying text={made} />
          <p className="soft">Copy it now. Once it is set it is never shown again.</p>
        </div>
      ) : (
        <Field
          label="The warehouse's secret"
          required
          {...fields.of("secret")}
          hint="16 to 256 characters, exactly as the warehouse has it."
        />
      )}
      <Overlap {...fields.of("overlapSeconds")} />
    </FormDialog>
  );
}

function SharedSecret({ locationId, name, onClose }: Where & { onClose: () => void }) {
  const change = useChange("putWmsSecret", TOUCHED);
  const fields = useFields({ overlapSeconds: A_DAY }, change.problem);
  async function submit(): Promise<void> {
    const overlapSeconds = Number(fields.values.overlapSeconds);
    const outcome = await change.run({ parameters: { locationId }, body: { secret: null, overlapSeconds } });
    if (!outcome.ok) return;
    say(`WMS_SECRET signs for ${name} again. ${untilText(outcome.value.previousUntil)}`);
    onClose();
  }
  return (
    <FormDialog
      title={`Back to the shared secret for ${name}?`}
      intro="Whoever has WMS_SECRET, the one of all locations, then speaks for this one too. The secret of its own is forgotten when its time is over."
      submit="Go back to WMS_SECRET"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Overlap {...fields.of("overlapSeconds")} />
    </FormDialog>
  );
}

function Overlap({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Choice
      label="What is signed with the earlier one is believed for"
      options={OVERLAPS}
      value={value}
      onChange={onChange}
      hint="After a leak: not at all. Whoever has it could report stock until then."
    />
  );
}

function untilText(previousUntil: string | null): string {
  return previousUntil === null
    ? "The earlier one is believed no more."
    : `The earlier one is believed until ${formats.moment(previousUntil)}.`;
}

/** 256 random bits, in characters that a file of settings takes without quotes. */
function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
