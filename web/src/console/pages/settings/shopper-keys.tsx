// The keys with which shops sign who their shoppers are. One is replaced by making another beside it: both count until the
// old one is retired, so that a shop can follow without a gap.
import type { ShopperKey } from "@dropgate/contracts/keys";
import { useState } from "react";
import { useActors } from "../../actors/actors.ts";
import { useChange, usePages, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { say } from "../../ui/status.tsx";
import { When } from "../../ui/when.tsx";
import { type Kind, NewShopperKey } from "./shopper-key-form.tsx";
import { type Secret, ShownOnce } from "./shown-once.tsx";
import { SettingsViews } from "./views.tsx";

const STATES = { valid: "Valid", retired: "Retired" } as const;
const stateOf = ({ revokedAt }: ShopperKey): string => (revokedAt === null ? STATES.valid : STATES.retired);
type Ask = { what: "new" } | { what: "replace" | "retire"; key: ShopperKey };

function columnsOf(
  actor: (actor: string | null) => string,
  whyNot: string | null,
  ask: (ask: Ask) => void,
): ShownColumn<ShopperKey>[] {
  return [
    { id: "kid", name: "Key", text: ({ kid }) => kid, cell: ({ kid }) => <code>{kid}</code> },
    { id: "alg", name: "Signs by", text: ({ alg }) => alg },
    {
      id: "state",
      name: "State",
      text: stateOf,
      cell: (key) => <Badge tone={key.revokedAt === null ? "good" : "plain"}>{stateOf(key)}</Badge>,
    },
    {
      id: "made",
      name: "Made",
      text: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    { id: "by", name: "Made by", text: ({ createdBy }) => createdBy && actor(createdBy) },
    {
      id: "retired",
      name: "Retired",
      text: ({ revokedAt }) => revokedAt,
      cell: ({ revokedAt }) => <When at={revokedAt} />,
      isExtra: true,
    },
    {
      id: "acts",
      name: "Change",
      text: () => null,
      cell: (key) =>
        key.revokedAt === null && (
          <span className="row">
            <Button size="small" whyNot={whyNot} onPress={() => ask({ what: "replace", key })}>
              Replace
            </Button>
            <Button size="small" whyNot={whyNot} onPress={() => ask({ what: "retire", key })}>
              Retire
            </Button>
          </span>
        ),
    },
  ];
}

export default function ShopperKeys() {
  const { operator } = useSession();
  const whyNot = byRole(operator.role, "administer");
  const actor = useActors();
  const pages = usePages("listShopperKeys", {});
  const [asked, setAsked] = useState<Ask | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const close = (): void => setAsked(null);
  return (
    <Page
      title="Shopper keys"
      actions={
        <Button tone="primary" whyNot={whyNot} onPress={() => setAsked({ what: "new" })}>
          New shopper key
        </Button>
      }
    >
      <SettingsViews />
      <p className="soft">
        Your shop signs who its customer is with one of these. A sale for signed-in customers believes
        whatever a valid key has signed.
      </p>
      <DataTable
        name="Shopper keys"
        columns={columnsOf(actor, whyNot, setAsked)}
        pages={pages}
        keyOf={({ kid }) => kid}
        empty={
          <p>There is no shopper key. A sale for signed-in customers needs one before anybody can join.</p>
        }
      />
      {(asked?.what === "new" || asked?.what === "replace") && (
        <NewShopperKey
          replaces={asked.what === "replace" ? asked.key.kid : null}
          kind={asked.what === "replace" ? kindOf(asked.key) : "secret"}
          onClose={close}
          onAdded={setSecret}
        />
      )}
      {asked?.what === "retire" && <Retire retired={asked.key} keys={pages.items} onClose={close} />}
      {secret !== null && <ShownOnce {...secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}

function kindOf({ alg }: ShopperKey): Kind {
  return alg === "HS256" ? "secret" : "public";
}

function Retire({
  retired,
  keys,
  onClose,
}: {
  retired: ShopperKey;
  keys: readonly ShopperKey[];
  onClose: () => void;
}) {
  const retire = useChange("revokeShopperKey", ["listShopperKeys", "listSettingsActs"]);
  const defence = useRead("getBotDefence", {});
  const others = keys.filter(({ kid, revokedAt }) => revokedAt === null && kid !== retired.kid).length;
  const sales = defence.value?.sales.filter(({ identity }) => identity === "merchant").length ?? null;
  return (
    <Confirm
      isOpen
      onClose={onClose}
      onYes={async () => {
        const outcome = await retire.run({ parameters: { kid: retired.kid } });
        if (outcome.ok) say("The key is retired: no token under it counts any more.");
        return outcome;
      }}
      question={{
        title: "Retire the key?",
        yes: "Retire the key",
        isDanger: true,
        text: (
          <>
            <p>
              Within five seconds no token under <code>{retired.kid}</code> counts, on any gateway. Who is in
              line keeps their place; who comes by a link that your shop signed under it is refused and has to
              come from the shop again. It cannot be made valid again.
            </p>
            <p>
              {others > 0
                ? `${formats.count(others, "other key stays", "other keys stay")} valid.`
                : `No other key is valid: nobody can join ${salesInWords(sales)} until there is one. Replace it first, and let your shop follow.`}
            </p>
          </>
        ),
      }}
    />
  );
}

/** @param sales null: not known yet, or not told */
function salesInWords(sales: number | null): string {
  if (sales === null) return "any sale for signed-in customers";
  if (sales === 0) return "a sale for signed-in customers, of which there is none now,";
  if (sales === 1) return "the one sale for signed-in customers";
  return `the ${formats.number(sales)} sales for signed-in customers`;
}
