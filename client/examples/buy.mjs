// One shopper and the merchant's server, from joining to a sold unit: docs/client.md shows how it is run.
import { openQueue } from "@dropgate/client";
import { openMerchant, signShopperToken } from "@dropgate/client/server";

const {
  DROPGATE_URL: url = "http://127.0.0.1:8080",
  API_KEY: apiKey = "",
  SALE_ID: saleId = "",
} = process.env;

/** A refusal is a value; this example has no way on after one. */
function must(answer) {
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
}

const merchant = openMerchant({ url, apiKey });
const shopperKey = must(await merchant.createShopperKey());

const queue = openQueue({ url, saleId, shopperToken: () => signShopperToken(shopperKey, "ada", { saleId }) });
queue.on("state", ({ state, position }) => console.log(state, position ?? ""));
const held = new Promise((resolve) => queue.on("held", resolve));
await queue.until(["lobby", "open"]);
must(await queue.join());
await queue.until("offered");
must(await queue.claim());
const { pass } = await held;

const verified = await merchant.verifyPass(pass);
if (!verified.ok || verified.claims.subject !== "ada") throw new Error("Not Ada's pass.");
const { holdId, sku, unit } = verified.claims;
must(await merchant.holds.startPayment(holdId));
// Here the card is charged.
must(await merchant.holds.confirm(holdId, { orderId: `order-${holdId}` }));
await queue.until("purchased");
console.log(`${sku}, unit ${unit}, is sold`);
queue.close();
