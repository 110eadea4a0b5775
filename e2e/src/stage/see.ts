// What a page is expected to show, waited for. The longest poll of a page is 5 s, and a test that waits as long races it.
import { expect } from "@playwright/test";

/** Waits for 15 s; a sentence with `not` or "hidden" holds as soon as it is so. */
export const see = expect.configure({ timeout: 15_000 });
