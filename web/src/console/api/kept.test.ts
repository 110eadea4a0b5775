import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { keptFor } from "./kept.ts";

type Request = { parameters?: Record<string, string>; query?: Record<string, string> };

/** What a page shows at once that has read `before` and now asks `after`, which is never answered. */
async function shownMeanwhile(before: Request, after: Request): Promise<unknown> {
  const client = new QueryClient();
  const optionsOf = (request: Request, answer: () => Promise<string>) => ({
    queryKey: ["getAdminSale", request],
    queryFn: answer,
    placeholderData: keptFor(request),
  });
  const observer = new QueryObserver(
    client,
    optionsOf(before, async () => "of before"),
  );
  const stop = observer.subscribe(() => {});
  try {
    await expect.poll(() => observer.getCurrentResult().data, { timeout: 20_000 }).toBe("of before");
    observer.setOptions(optionsOf(after, () => new Promise<string>(() => {})));
    return observer.getCurrentResult().data;
  } finally {
    stop();
    client.clear();
  }
}

test("another sale's figures and buttons do not stand under this one's address", async () => {
  const [one, other] = [{ parameters: { saleId: "one" } }, { parameters: { saleId: "other" } }];
  expect(await shownMeanwhile(one, other)).toBeUndefined();
  expect(await shownMeanwhile(one, {})).toBeUndefined();
  expect(await shownMeanwhile({}, other)).toBeUndefined();
});

test("another filter of the same list, or another span of the same sale, is waited for with the last one", async () => {
  const parameters = { saleId: "one" };
  expect(await shownMeanwhile({ query: { state: "open" } }, { query: { state: "done" } })).toBe("of before");
  expect(
    await shownMeanwhile({ parameters, query: { step: "1" } }, { parameters, query: { step: "60" } }),
  ).toBe("of before");
});
