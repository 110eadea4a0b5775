// The keys of merchants' servers and scripts.
import type { ApiKey } from "@dropgate/contracts/keys";
import { useState } from "react";
import { useActors } from "../../actors/actors.ts";
import { useChange, usePages } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { When } from "../../ui/when.tsx";
import { type Secret, ShownOnce } from "./shown-once.tsx";
import { SettingsViews } from "./views.tsx";

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

export default function Keys() {
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const actor = useActors();
  const pages = usePages("listApiKeys", {});
  const revoke = useChange("revokeApiKey", ["listApiKeys"]);
  const [isAdding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  return (
    <Page
      title="API keys"
      actions={
        <Button tone="primary" whyNot={whyNot} onPress={() => setAdding(true)}>
          New API key
        </Button>
      }
    >
      <SettingsViews />
      <DataTable
        name="API keys"
        columns={columnsOf(actor, whyNot, setRevoked)}
        pages={pages}
        keyOf={({ id }) => id}
        empty={<p>There is no API key. A merchant&apos;s server needs one to confirm what was paid.</p>}
      />
      {isAdding && <AddKey onClose={() => setAdding(false)} onAdded={setSecret} />}
      {secret !== null && <ShownOnce {...secret} onClose={() => setSecret(null)} />}
      {revoked !== null && (
        <Confirm
          isOpen
          onClose={() => setRevoked(null)}
          onYes={() => revoke.run({ parameters: { keyId: revoked.id } })}
          question={{
            title: `Revoke the key “${revoked.name}”?`,
            text: `Whatever uses it is refused within five seconds, on every gateway. ${
              revoked.lastUsedAt === null
                ? "It was never used, as far as is known."
                : `It was last used about ${formats.moment(revoked.lastUsedAt)}.`
            } It cannot be made valid again.`,
            yes: "Revoke the key",
            isDanger: true,
          }}
        />
      )}
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
