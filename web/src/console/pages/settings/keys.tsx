// The keys of merchants' servers and scripts, and those that sign passes.
import type { ApiKey } from "@dropgate/contracts/keys";
import { useState } from "react";
import { useActors } from "../../actors/actors.ts";
import type { AnswerOf } from "../../api/call.ts";
import { useChange, usePages } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { When } from "../../ui/when.tsx";
import { inWords } from "../../ui/words.ts";
import { type Secret, ShownOnce } from "./shown-once.tsx";
import { SettingsViews } from "./views.tsx";

type SigningKey = AnswerOf<"listSigningKeys">["items"][number];

function columnsOf(
  actor: (actor: string | null) => string,
  whyNot: string | null,
  revoke: (key: ApiKey) => void,
): ShownColumn<ApiKey>[] {
  return [
    { id: "name", name: "Name", text: ({ name }) => name },
    { id: "scopes", name: "May act as", text: ({ scopes }) => scopes.join(", ") },
    {
      id: "state",
      name: "State",
      text: ({ revokedAt }) => (revokedAt === null ? "Valid" : "Revoked"),
      cell: ({ revokedAt }) => (
        <Badge tone={revokedAt === null ? "good" : "plain"}>{revokedAt === null ? "Valid" : "Revoked"}</Badge>
      ),
    },
    {
      id: "used",
      name: "Last used",
      text: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) => <When at={lastUsedAt} />,
    },
    { id: "by", name: "Made by", text: ({ createdBy }) => createdBy && actor(createdBy) },
    {
      id: "revoke",
      name: "Revoke",
      text: () => null,
      isAct: true,
      cell: (key) =>
        key.revokedAt === null && (
          <Button size="small" whyNot={whyNot} onPress={() => revoke(key)}>
            Revoke
          </Button>
        ),
    },
  ];
}

const SIGNING_COLUMNS: readonly ShownColumn<SigningKey>[] = [
  { id: "kid", name: "Key", text: ({ kid }) => kid },
  {
    id: "state",
    name: "State",
    text: ({ state }) => inWords(state),
    cell: ({ state }) => <Badge tone={state === "signing" ? "good" : "plain"}>{inWords(state)}</Badge>,
  },
];

export default function Keys() {
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const actor = useActors();
  const pages = usePages("listApiKeys", {});
  const signing = usePages("listSigningKeys", {});
  const revoke = useChange("revokeApiKey", ["listApiKeys"]);
  const rotate = useChange("rotateSigningKey", ["listSigningKeys"]);
  const [isAdding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const [rotates, setRotates] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  return (
    <Page
      title="Keys"
      actions={
        <Button tone="primary" whyNot={whyNot} onPress={() => setAdding(true)}>
          New API key
        </Button>
      }
    >
      <SettingsViews />
      <Section title="API keys">
        <DataTable
          name="Valid and revoked API keys"
          columns={columnsOf(actor, whyNot, setRevoked)}
          pages={pages}
          keyOf={({ id }) => id}
          empty={<p>There is no API key. A merchant&apos;s server needs one to confirm what was paid.</p>}
        />
      </Section>
      <Section
        title="Keys that sign passes"
        actions={
          <Button size="small" whyNot={whyNot} onPress={() => setRotates(true)}>
            Change the signing key
          </Button>
        }
      >
        <DataTable
          name="Signing keys"
          prefix="signing-"
          columns={SIGNING_COLUMNS}
          pages={signing}
          keyOf={({ kid }) => kid}
          empty={<p>There is no signing key yet. The first pass makes one.</p>}
        />
      </Section>
      {isAdding && <AddKey onClose={() => setAdding(false)} onAdded={setSecret} />}
      {secret !== null && <ShownOnce {...secret} onClose={() => setSecret(null)} />}
      {revoked !== null && (
        <Confirm
          isOpen
          onClose={() => setRevoked(null)}
          onYes={() => revoke.run({ parameters: { keyId: revoked.id } })}
          question={{
            title: `Revoke the key “${revoked.name}”?`,
            text: "Whatever uses it is refused from its next call on. It cannot be made valid again.",
            yes: "Revoke the key",
            isDanger: true,
          }}
        />
      )}
      <Confirm
        isOpen={rotates}
        onClose={() => setRotates(false)}
        onYes={async () => {
          const outcome = await rotate.run({ body: {} });
          if (outcome.ok) say("The new key is announced; it signs once every checkout can know it.");
          return outcome;
        }}
        question={{
          title: "Change the signing key?",
          text: "A new key is published at once and signs passes after a while. Passes of the old one stay valid until they expire, so no shopper notices.",
          yes: "Change the key",
        }}
      />
    </Page>
  );
}

const SCOPES = ["merchant", "operator", "admin"] as const;

function AddKey({ onClose, onAdded }: { onClose: () => void; onAdded: (secret: Secret) => void }) {
  const change = useChange("createApiKey", ["listApiKeys"]);
  const fields = useFields({ name: "", scope: "merchant" }, change.problem);
  async function submit(): Promise<void> {
    const { name, scope } = fields.values;
    const outcome = await change.run({
      body: { name, scopes: [SCOPES.find((each) => each === scope) ?? "merchant"] },
    });
    if (!outcome.ok) return;
    onClose();
    onAdded({ title: "The key, once", text: `For “${name}”, as a Bearer token.`, secret: outcome.value.key });
  }
  return (
    <FormDialog
      title="New API key"
      submit="Make the key"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Field label="Name" required {...fields.of("name")} hint="What will use it." />
      <Choice
        label="May act as"
        options={SCOPES.map((value) => ({ value: value as string, name: value }))}
        {...fields.of("scope")}
        hint="A merchant confirms what was paid, an operator runs sales and stock, an admin gives rights."
      />
    </FormDialog>
  );
}
