// The keys that sign passes. A new one is announced before it signs and an old one verifies after it, so that no checkout
// ever meets a pass that it cannot check; after a leak the old one can be retired at once.
import type { SigningKey } from "@dropgate/contracts/keys";
import { useEffect, useState } from "react";
import { useActors } from "../../actors/actors.ts";
import { useChange, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { retireKey } from "../../may/settings.ts";
import { useSession } from "../../session/session.ts";
import { allAtOnce } from "../../ui/all-at-once.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { When } from "../../ui/when.tsx";
import { SettingsViews } from "./views.tsx";

const EVERY_MS = 10_000;
const TOUCHED = ["listSigningKeys", "listSettingsActs"] as const;
const NAMES: Readonly<Record<SigningKey["state"], string>> = {
  announced: "Announced",
  signing: "Signs",
  verifying: "Verifies",
  retired: "Retired",
};
const TONES: Readonly<Record<SigningKey["state"], "good" | "warning" | "plain">> = {
  announced: "warning",
  signing: "good",
  verifying: "plain",
  retired: "plain",
};

function columnsOf(
  actor: (actor: string | null) => string,
  whyNot: (key: SigningKey) => string | null,
  retire: (key: SigningKey) => void,
): ShownColumn<SigningKey>[] {
  return [
    { id: "kid", name: "Key", text: ({ kid }) => kid, cell: ({ kid }) => <code>{kid}</code> },
    {
      id: "state",
      name: "State",
      text: ({ state }) => NAMES[state],
      cell: ({ state }) => <Badge tone={TONES[state]}>{NAMES[state]}</Badge>,
    },
    {
      id: "from",
      name: "Signs from",
      text: ({ signsFrom }) => signsFrom,
      cell: ({ signsFrom }) => <When at={signsFrom} />,
    },
    {
      id: "until",
      name: "Published until",
      text: ({ publishedUntil }) => publishedUntil,
      cell: ({ publishedUntil }) =>
        publishedUntil === null ? "another signs" : <When at={publishedUntil} />,
    },
    { id: "out", name: "Passes out", text: ({ passesOut }) => passesOut, isNumber: true },
    {
      id: "by",
      name: "Made by",
      text: ({ createdBy }) => (createdBy === null ? "the first gateway" : actor(createdBy)),
    },
    {
      id: "retire",
      name: "Retire",
      text: () => null,
      cell: (key) =>
        key.state !== "retired" && (
          <Button size="small" whyNot={whyNot(key)} onPress={() => retire(key)}>
            Retire now
          </Button>
        ),
    },
  ];
}

export default function SigningKeys() {
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const actor = useActors();
  const { value, problem, isLoading, again } = useRead("listSigningKeys", {}, { everyMs: EVERY_MS });
  const [rotates, setRotates] = useState(false);
  const [retired, setRetired] = useState<SigningKey | null>(null);
  const keys = value?.items ?? [];
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const looks = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(looks);
  }, []);
  const isAnnounced = keys.some(({ state }) => state === "announced");
  return (
    <Page
      title="Signing keys"
      actions={
        <Button
          tone="primary"
          whyNot={whyNot ?? (isAnnounced ? "A new key is announced already. Wait until it signs." : null)}
          onPress={() => setRotates(true)}
        >
          Change the signing key
        </Button>
      }
    >
      <SettingsViews />
      <p className="soft">
        They sign the passes with which winners pay. A checkout checks a pass by the public halves, which
        every gateway publishes at <code>/.well-known/jwks.json</code>.
      </p>
      <DataTable
        name="Signing keys"
        columns={columnsOf(actor, (key) => retireKey(operator.role, key, keys, now), setRetired)}
        pages={allAtOnce(keys, { problem, isLoading, again })}
        keyOf={({ kid }) => kid}
        empty={<p>There is no signing key yet. The first pass makes one.</p>}
      />
      {rotates && <Rotate onClose={() => setRotates(false)} />}
      {retired !== null && <Retire retired={retired} onClose={() => setRetired(null)} />}
    </Page>
  );
}

function Rotate({ onClose }: { onClose: () => void }) {
  const rotate = useChange("rotateSigningKey", TOUCHED);
  return (
    <Confirm
      isOpen
      onClose={onClose}
      onYes={async () => {
        const outcome = await rotate.run({ body: {} });
        if (outcome.ok)
          say(`The new key is announced and signs from ${formats.clock(outcome.value.signsFrom)} on.`);
        return outcome;
      }}
      question={{
        title: "Change the signing key?",
        text: "A new key is published at once and signs in two minutes, when every checkout can know it. Passes of the old one stay good for two days more, longer than any of them lasts, so no shopper notices.",
        yes: "Change the key",
      }}
    />
  );
}

function Retire({ retired, onClose }: { retired: SigningKey; onClose: () => void }) {
  const retire = useChange("retireSigningKey", TOUCHED);
  const { kid, passesOut } = retired;
  return (
    <Confirm
      isOpen
      onClose={onClose}
      onYes={async () => {
        const outcome = await retire.run({ parameters: { signingKid: kid }, body: {} });
        if (outcome.ok) say("The key is retired. Checkouts take its passes for a minute and a half at most.");
        return outcome;
      }}
      question={{
        title: "Retire the key now?",
        yes: "Retire the key",
        isDanger: true,
        text: (
          <>
            <p>
              Within two minutes no checkout takes a pass that <code>{kid}</code> signed. Do it when its
              private half may have leaked; otherwise let it run out by itself.
            </p>
            <p>
              {passesOut === 0
                ? "No pass of it is out now."
                : `${formats.count(passesOut, "unit is held by a shopper", "units are held by shoppers")} who may have such a pass. None of them is lost: whoever opens the waiting room again gets a new pass from there.`}
            </p>
          </>
        ),
      }}
    />
  );
}
