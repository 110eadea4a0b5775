// For which locations a secret speaks. Two locations that one warehouse runs may share one; WMS_SECRET speaks for those
// that have none of their own. Pure.

/** Null is WMS_SECRET, undefined nothing. */
export interface OwnSecrets {
  locationId: string;
  now: Buffer | null | undefined;
  /** What signed before, while that is still believed. */
  before: Buffer | null | undefined;
}

export interface WmsVoice {
  key: Buffer;
  /** Whose own secret it is. */
  named: ReadonlySet<string>;
  /** WMS_SECRET speaks for all others too, but for these; null: it is not WMS_SECRET. */
  allBut: ReadonlySet<string> | null;
}

/** Who signed a message, as far as a secret says that. */
export type Speaker = Pick<WmsVoice, "named" | "allBut">;

export function speaksFor({ named, allBut }: Speaker, locationId: string): boolean {
  return named.has(locationId) || (allBut !== null && !allBut.has(locationId));
}

/** WMS_SECRET first, if there is one; each secret once. */
export function voicesOf(shared: string | null, secrets: readonly OwnSecrets[]): WmsVoice[] {
  const named = new Map<string, Set<string>>();
  const allBut = new Set<string>();
  for (const { locationId, now, before } of secrets) {
    for (const key of [now, before]) {
      if (!key) continue;
      const name = key.toString("base64");
      named.set(name, (named.get(name) ?? new Set()).add(locationId));
    }
    if (now !== null && before !== null) allBut.add(locationId);
  }
  const sharedKey = shared === null ? null : Buffer.from(shared);
  const sharedName = sharedKey?.toString("base64");
  const others = [...named].filter(([name]) => name !== sharedName);
  return [
    ...(sharedKey === null || sharedName === undefined
      ? []
      : [{ key: sharedKey, named: named.get(sharedName) ?? new Set<string>(), allBut }]),
    ...others.map(([name, locations]) => ({
      key: Buffer.from(name, "base64"),
      named: locations,
      allBut: null,
    })),
  ];
}
