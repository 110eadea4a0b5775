// What operators do in dialogs, each done through the real page: keys, webhooks, secrets, operators and their passwords,
// corrections under four eyes, clones and rehearsals. Every page and dialog of these is looked at in light and dark.
import { generateKeyPairSync } from "node:crypto";
import type { Browser, Locator } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser } from "./stage/browser.ts";
import {
  choosePassword,
  type Desk,
  faultsOfAccess,
  openDesk,
  overflowOf,
  type Person,
  passDoor,
  signedIn,
} from "./stage/console.ts";
import { openListeningShop } from "./stage/listening-shop.ts";
import { button, dialog, holdBack, isFine, isKept, rowWith, shownSecret } from "./stage/looking.ts";
import { see } from "./stage/see.ts";

let dropgate: RunningDropgate;
let browser: Browser;
let admin: Desk & { person: Person };
let viewer: Desk & { person: Person };

beforeAll(async () => {
  [dropgate, browser] = await Promise.all([
    runDropgate({ WEBHOOK_ALLOW_PRIVATE: "127.0.0.1" }),
    openBrowser(),
  ]);
  [admin, viewer] = await Promise.all([
    signedIn(dropgate, browser, "admin", { width: 1280 }),
    signedIn(dropgate, browser, "viewer", { width: 390, height: 800, scheme: "dark" }),
  ]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close()]);
});

test("a webhook is added, tested and given another secret, and an API key opens what it may until it is revoked", async () => {
  const { page, open, complaints } = admin;
  const { url, signatures } = await openListeningShop();
  await open("/settings/webhooks");
  await button(page, "New webhook").click();
  const adding = dialog(page, "New webhook");
  await adding.getByLabel("Address").fill(url);
  await adding.getByLabel("Is told of").fill("sale.phase, sale.phases");
  await button(adding, "Add the webhook").click();
  await see(adding.getByLabel("Is told of")).toHaveAccessibleDescription(/Invalid option/);
  await adding.getByLabel("Is told of").fill("sale.phase");
  await isFine(page);
  await button(adding, "Add the webhook").click();
  const first = dialog(page, "The secret, once");
  await see(first).toContainText("whs_");
  // It is shown once: neither of these is its end.
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await see(first).toContainText("whs_");
  await button(first, "I have kept it").click();
  await page.getByRole("link", { name: url }).click();
  await button(page, "Send a test").click();
  await see(page.getByText("It took the test event")).toBeVisible();
  await see(rowWith(page, "webhook.test")).toContainText("Delivered");
  expect(signatures).toEqual([expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/)]);

  await button(page, "Change address or events").click();
  const changing = dialog(page, "Change the webhook");
  await changing.getByLabel("Is told of").fill("sale.phase, hold.confirmed");
  await isFine(page);
  await button(changing, "Save the changes").click();
  await see(page.getByText("sale.phase, hold.confirmed")).toBeVisible();

  await button(page, "Change the secret").click();
  const rotating = dialog(page, "Change the secret?");
  await rotating.getByLabel("The earlier secret signs as well for").selectOption("a week");
  await isFine(page);
  await button(rotating, "Make a new secret").click();
  const second = dialog(page, "The new secret, once");
  await see(second).toContainText("whs_");
  await isFine(page);
  await button(second, "I have kept it").click();
  await see(page.getByText(/^until .+ 20\d\d/)).toBeVisible();
  await button(page, "Send a test").click();
  await see(rowWith(page, "webhook.test")).toHaveCount(2);
  await see.poll(() => signatures.at(-1)).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
  await isFine(page);

  await open("/settings/keys");
  await button(page, "New API key").click();
  const making = dialog(page, "New API key");
  await making.getByLabel("Name").fill("Books");
  await making.getByLabel("May act as").selectOption("operator");
  await isFine(page);
  // What is under way is not cancelled by closing the question: its answer would be lost.
  const goOn = await holdBack(page, "**/api/v1/admin/api-keys");
  await button(making, "Make the key").click();
  await isKept(page, making);
  goOn();
  const shown = dialog(page, "The key, once");
  const key = await shownSecret(shown);
  await button(shown, "I have kept it").click();
  const status = async (): Promise<number> =>
    (await fetch(`${dropgate.url}/api/v1/admin/sales`, { headers: { authorization: `Bearer ${key}` } }))
      .status;
  expect(await status()).toBe(200);
  await button(rowWith(page, "Books"), "Revoke").click();
  const goOnRevoking = await holdBack(page, "**/api/v1/admin/api-keys/**");
  const revoking = dialog(page, "Revoke the key “Books”?");
  await button(revoking, "Revoke the key").click();
  await isKept(page, revoking);
  goOnRevoking();
  await see(rowWith(page, "Books")).toContainText("Revoked");
  expect(await status()).toBe(401);
  await isFine(page);
  expect(complaints).toEqual([]);
});

test("shoppers' keys are made, replaced and retired, the signing key is changed, and the acts say who did it", async () => {
  const { page, open, person, complaints } = admin;
  await open("/settings/shopper-keys");
  await see(page.getByText("There is no shopper key.")).toBeVisible();
  await button(page, "New shopper key").click();
  const making = dialog(page, "New shopper key");
  await making.getByLabel("Kind").selectOption("Your own public key (Ed25519 or P-256)");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const jwk = making.getByLabel("Public key, as a JWK");
  await jwk.fill(JSON.stringify(privateKey.export({ format: "jwk" })));
  await button(making, "Make the key").click();
  await see(jwk).toHaveAccessibleDescription(/that is the private half/);
  await isFine(page);
  await jwk.fill(JSON.stringify({ ...publicKey.export({ format: "jwk" }), kid: "shop-of-the-test" }));
  await button(making, "Make the key").click();
  await see(rowWith(page, "shop-of-the-test")).toContainText("Valid");

  await button(rowWith(page, "shop-of-the-test"), "Replace").click();
  const replacing = dialog(page, "Replace the shopper key");
  await see(replacing).toContainText("Both count until you retire the old one");
  await replacing.getByLabel("Kind").selectOption("A secret that is made here (HS256)");
  await button(replacing, "Make the key").click();
  const shown = dialog(page, "The secret, once");
  await see(shown).toContainText("shop-of-the-test still counts");
  expect(await shownSecret(shown)).toMatch(/^[\w-]{43}$/);
  await isFine(page);
  await button(shown, "I have kept it").click();
  await button(rowWith(page, "shop-of-the-test"), "Retire").click();
  const retiring = dialog(page, "Retire the key?");
  await see(retiring).toContainText(/\d+ other keys? stays? valid/);
  await isFine(page);
  await button(retiring, "Retire the key").click();
  await see(rowWith(page, "shop-of-the-test")).toContainText("Retired");
  await isFine(page);

  await open("/settings/signing-keys");
  const retire = button(rowWith(page, "Signs"), "Retire now");
  await see(retire).toHaveAccessibleDescription(/change the signing key first/);
  await button(page, "Change the signing key").click();
  await isFine(page);
  await button(dialog(page, "Change the signing key?"), "Change the key").click();
  await see(rowWith(page, "Announced")).toContainText(person.name);
  await see(button(page, "Change the signing key")).toHaveAccessibleDescription(/Wait until it signs/);
  // Two minutes are over, and half a minute more, in which a gateway may not have heard of it.
  await dropgate.harm(
    `UPDATE signing_keys SET signs_from = clock_timestamp()
       - CASE WHEN created_by IS NULL THEN interval '1 hour' ELSE interval '31 seconds' END`,
    [],
  );
  await page.reload();
  await button(rowWith(page, "Verifies"), "Retire now").click();
  const leaked = dialog(page, "Retire the key now?");
  await see(leaked).toContainText("Within two minutes no checkout takes a pass");
  await isFine(page);
  await button(leaked, "Retire the key").click();
  await see(rowWith(page, "Retired")).toBeVisible();
  await isFine(page);

  await open("/settings/bot-defence");
  await see(page.getByText("JOINS_PER_ADDRESS")).toBeVisible();
  await see(page.getByRole("link", { name: /^Aurora/ })).toBeVisible();
  await isFine(page);
  await page.getByRole("link", { name: "Acts" }).click();
  for (const act of [
    "Shopper key retired",
    "Signing key retired",
    "Signing key changed",
    "Webhook's secret changed",
  ]) {
    await see(rowWith(page, act, person.name).first()).toBeVisible();
  }
  await isFine(page);
  await open("/settings");
  await see(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await isFine(page);
  expect(complaints).toEqual([]);
});

test("what is asked or pressed without a network is refused at once, and not done later", async () => {
  const { page, context, open } = await signedIn(dropgate, browser, "admin", { width: 1280 });
  onTestFinished(() => context.close());
  const place = (name: string): Locator => page.getByRole("link", { name, exact: true });
  await open("/settings/bot-defence");
  await see(page.getByText("JOINS_PER_ADDRESS")).toBeVisible();
  await place("API keys").click();
  await button(page, "New API key").click();
  const making = dialog(page, "New API key");
  await making.getByLabel("Name").fill("Made too late");
  await context.setOffline(true);
  await button(making, "Make the key").click();
  await see(making.getByRole("alert")).toContainText("The server did not answer.");
  await button(making, "Cancel").click();
  // What was read a moment ago is not read again yet.
  await see(async () => {
    await place("API keys").click();
    await place("Bot defence").click();
    await see(page.getByText("The server did not answer.")).toBeVisible({ timeout: 500 });
  }).toPass();
  await isFine(page);
  await context.setOffline(false);
  await button(page, "Try again").click();
  await see(page.getByText("The server did not answer.")).toHaveCount(0);
  await place("API keys").click();
  await see(page.getByRole("row").first()).toBeVisible();
  await see(rowWith(page, "Made too late")).toHaveCount(0);

  // What is being written outlives a look that fails.
  await place("Theme").click();
  const intro = page.getByLabel("Sentence below it");
  await intro.fill("Not saved yet");
  await context.setOffline(true);
  await see(page.getByText("The server did not answer.").first()).toBeVisible({ timeout: 20_000 });
  await see(intro).toHaveValue("Not saved yet");
  await context.setOffline(false);
  await see(page.getByText("The server did not answer.")).toHaveCount(0, { timeout: 20_000 });
  await see(intro).toHaveValue("Not saved yet");
});

test("somebody is added, comes with the password that was shown once, gets another role, and is let in no more", async () => {
  const { page, open, complaints } = admin;
  const person: Person = { email: "ann.of.the.test@shop.example", name: "Ann Test", password: "" };
  await open("/settings/operators");
  await button(page, "Add an operator").click();
  const adding = dialog(page, "Add an operator");
  await adding.getByLabel("E-mail address").fill("nobody");
  await button(adding, "Add").click();
  await see(adding.getByLabel("E-mail address")).toHaveAccessibleDescription(/like ann@shop\.example/);
  await adding.getByLabel("E-mail address").fill(person.email);
  await adding.getByLabel("Name").fill(person.name);
  await isFine(page);
  await button(adding, "Add").click();
  const shown = dialog(page, "The password, once");
  person.password = await shownSecret(shown);
  await isFine(page);
  await button(shown, "I have passed it on").click();
  await see(rowWith(page, person.email)).toContainText("has not come yet");

  const hers = await openDesk(dropgate, browser, { width: 390, height: 800 });
  onTestFinished(() => hers.context.close());
  await hers.open("/sales");
  await passDoor(hers.page, person);
  const own = await choosePassword(hers.page, person);
  const menu = button(hers.page, /^Ann Test/);
  await see(menu).toContainText("viewer");

  await button(rowWith(page, person.email), person.name).click();
  const changing = dialog(page, "Change Ann Test");
  await changing.getByLabel("Role").selectOption("approver");
  await isFine(page);
  await button(changing, "Save").click();
  await see(rowWith(page, person.email)).toContainText("approver");
  await hers.page.reload();
  await see(menu).toContainText("approver");

  await menu.click();
  await hers.page.getByRole("menuitem", { name: "Change the password" }).click();
  await isFine(hers.page);
  const last = await choosePassword(hers.page, own);
  await see(hers.page.getByText("Your password is changed")).toBeVisible();
  await menu.click();
  await hers.page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  const everywhere = dialog(hers.page, "Sign out everywhere?");
  await see(everywhere).toContainText("All your sessions end");
  await isFine(hers.page);
  await button(everywhere, "Sign out everywhere").click();
  await passDoor(hers.page, own);
  await see(hers.page.getByRole("alert").first()).toContainText(
    "The e-mail address or the password is wrong.",
  );
  await passDoor(hers.page, last);
  await see(menu).toBeVisible();

  // Two pairs of eyes: what she asks for somebody else has to approve.
  await hers.open("/inventory/corrections");
  await button(hers.page, "Correct stock").click();
  const correcting = dialog(hers.page, "Correct stock");
  await correcting.getByLabel("SKU").fill("AURORA-DOCK");
  await correcting.getByLabel("Location").selectOption("memphis");
  await correcting.getByLabel("Units found, or with a minus missing").fill("77");
  await correcting.getByLabel("Why").fill("a forgotten pallet");
  await isFine(hers.page);
  await button(correcting, "Correct").click();
  await button(rowWith(hers.page, "a forgotten pallet"), "Approve").click();
  const approving = dialog(hers.page, "Approve the correction?");
  await button(approving, "Approve").click();
  await see(approving).toContainText(
    "You asked for this correction yourself, so a colleague has to approve it.",
  );
  await button(approving, "Cancel").click();
  await open("/inventory/corrections?state=awaiting_approval");
  await button(rowWith(page, "a forgotten pallet"), "Approve").click();
  await button(dialog(page, "Approve the correction?"), "Approve").click();
  await see(rowWith(hers.page, "a forgotten pallet")).toContainText("Approved");

  await open("/settings/operators");
  await button(rowWith(page, person.email), "Disable").click();
  const disabling = dialog(page, "Disable Ann Test?");
  await see(disabling).toContainText("All their sessions end at once");
  await button(disabling, "Disable").click();
  await see(rowWith(page, person.email)).toContainText("disabled");
  await hers.page.reload();
  await passDoor(hers.page, last);
  await see(hers.page.getByRole("alert").first()).toContainText(
    "The e-mail address or the password is wrong.",
  );
  expect([...complaints, ...hers.complaints]).toEqual([]);
});

test("a sale is cloned for another day, and rehearsed until somebody stops it", async () => {
  const { page, open, complaints } = admin;
  const id = await dropgate.createSale({ title: "Rehearsed", quantity: 20, claimWindowSeconds: 60 });
  await open(`/sales/${id}/settings`);
  // What is typed stays while a time is empty for a moment.
  await page.getByLabel("Description").fill("Half written");
  await page.getByLabel("Sale closes").fill("");
  await see(page.getByLabel("Sale closes")).toHaveAccessibleDescription(/A day and a time\./);
  await see(page.getByLabel("Description")).toHaveValue("Half written");
  await button(page, "Clone").click();
  const cloning = dialog(page, "Clone this sale?");
  await cloning.getByLabel("Title").fill("");
  await see(button(cloning, "Make the clone")).toHaveAccessibleDescription(/It needs a title/);
  await cloning.getByLabel("Title").fill("Rehearsed once more");
  await cloning.getByLabel("Opens").fill("2020-01-01T10:00");
  await see(button(cloning, "Make the clone")).toHaveAccessibleDescription(/A time that lies ahead/);
  await cloning.getByLabel("Opens").fill("");
  await isFine(page);
  await button(cloning, "Make the clone").click();
  await see(page.getByRole("heading", { level: 1 })).toContainText("Rehearsed once more");
  // What was typed for the one is not taken along to the other.
  await page.goBack();
  await see(page.getByRole("heading", { level: 1 })).not.toContainText("once more");
  await button(page, "Clone").click();
  await see(cloning.getByLabel("Title")).toHaveValue("Rehearsed");

  await open(`/sales/${id}/dry-run`);
  await page.getByLabel("Simulated shoppers").fill("0");
  await see(page.getByText("A whole number from 1 to 5,000.")).toBeVisible();
  await page.getByLabel("Simulated shoppers").fill("20");
  await page.getByLabel("Speed").fill("1");
  await button(page, "Start the rehearsal").click();
  await button(page, "Stop the rehearsal").click();
  const stopping = dialog(page, "Stop the rehearsal?");
  await see(stopping).toContainText("20 simulated shoppers leave");
  await isFine(page);
  await button(stopping, "Stop the rehearsal").click();
  await see(button(page, "Start the rehearsal")).toBeVisible();
  await isFine(page);
  expect(complaints).toEqual([]);
});

test("a viewer sees every one of these pages without being able to change anything, on a phone in the dark", async () => {
  const { page, open, complaints } = viewer;
  for (const [path, name] of [
    ["/settings/keys", "New API key"],
    ["/settings/shopper-keys", "New shopper key"],
    ["/settings/signing-keys", "Change the signing key"],
    ["/settings/webhooks", "New webhook"],
    ["/settings/operators", "Add an operator"],
  ] as const) {
    await open(path);
    await see(button(page, name)).toHaveAccessibleDescription(
      "Your role viewer may not give rights: ask an admin.",
    );
    await see(page.getByText("Your role may not see this.")).toBeVisible();
    expect(await faultsOfAccess(page), path).toEqual([]);
    expect(await overflowOf(page), path).toBe(0);
  }
  await open("/audit?of=settings");
  await see(page.getByText("Your role may not see this.")).toBeVisible();
  await open("/settings/bot-defence");
  await see(page.getByText("JOINS_PER_ADDRESS")).toBeVisible();
  expect(await faultsOfAccess(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
  await open("/locations/reno");
  await see(button(page, "Give it a secret of its own")).toHaveAccessibleDescription(/ask an admin/);
  expect(await faultsOfAccess(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
  expect(complaints).toEqual([]);
});
