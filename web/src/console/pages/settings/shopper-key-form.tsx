// A new shopper key: a secret that is made for the shop, or the public half of a pair of the shop's own.
import { useState } from "react";
import { useChange } from "../../api/use-api.ts";
import { Choice, Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { say } from "../../ui/status.tsx";
import { readJwk } from "./jwk.ts";
import type { Secret } from "./shown-once.tsx";

export type Kind = "secret" | "public";
const KINDS: readonly { value: Kind; name: string }[] = [
  { value: "secret", name: "A secret that is made here (HS256)" },
  { value: "public", name: "Your own public key (Ed25519 or P-256)" },
];

/** @param replaces the kid of the key that it is to follow */
export function NewShopperKey({
  replaces,
  kind: first,
  onClose,
  onAdded,
}: {
  replaces: string | null;
  kind: Kind;
  onClose: () => void;
  onAdded: (secret: Secret) => void;
}) {
  const change = useChange("createShopperKey", ["listShopperKeys", "listSettingsActs"]);
  const [kind, setKind] = useState<Kind>(first);
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const next =
    replaces === null ? "" : ` ${replaces} still counts: retire it when your shop signs under the new one.`;

  async function submit(): Promise<void> {
    const read = kind === "public" ? readJwk(text) : null;
    if (read?.ok === false) return setFault(read.fault);
    const outcome = await change.run({ body: read === null ? {} : { jwk: read.jwk } });
    if (!outcome.ok) {
      const [wrong] = outcome.problem.errors;
      setFault(wrong === undefined ? null : wrong.detail);
      return;
    }
    const { kid, secret } = outcome.value;
    onClose();
    if (secret === undefined) say(`Tokens under ${kid} count from now on.${next}`);
    else {
      onAdded({
        title: "The secret, once",
        text: `Your shop signs with it, and names the key by kid ${kid} in the token's head.${next}`,
        secret,
      });
    }
  }
  return (
    <FormDialog
      title={replaces === null ? "New shopper key" : "Replace the shopper key"}
      intro={
        replaces === null
          ? "Tokens under it count as soon as it is made."
          : `A new key is made beside ${replaces}. Both count until you retire the old one, so no shopper notices.`
      }
      submit="Make the key"
      onSubmit={submit}
      onClose={onClose}
      isBusy={change.isRunning}
      problem={change.problem}
    >
      <Choice label="Kind" options={KINDS} value={kind} onChange={setKind} />
      {kind === "public" && (
        <Field
          label="Public key, as a JWK"
          required
          rows={5}
          value={text}
          onChange={(value) => {
            setText(value);
            setFault(null);
          }}
          fault={fault}
          hint={
            'As {"kty":"OKP","crv":"Ed25519","x":"…","kid":"…"}. Never the private half, which has a "d".'
          }
        />
      )}
    </FormDialog>
  );
}
