// What stays on the page while a read with another filter is on its way: the last value, but of the same thing alone. The
// buttons of another sale under the address of this one would act on that other sale.

interface Asked {
  parameters?: Readonly<Record<string, string>> | undefined;
}

/** Those of the path say what is read; the query only how much of it. */
function isOfSame({ parameters: before = {} }: Asked, { parameters: now = {} }: Asked): boolean {
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => now[name] === before[name]);
}

/** For the query library: its keys begin with the call's name and the request. */
export function keptFor(request: Asked) {
  return <Value>(
    value: Value | undefined,
    before: { queryKey: readonly unknown[] } | undefined,
  ): Value | undefined => {
    const asked = before?.queryKey[1];
    return isAsked(asked) && isOfSame(asked, request) ? value : undefined;
  };
}

function isAsked(key: unknown): key is Asked {
  return typeof key === "object" && key !== null;
}
