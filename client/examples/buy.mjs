// One shopper and the merchant's server, from joining to a sold unit: docs/client.md shows how it is run.
import { openQueue } from "@dropgate/client";
import { openMerchant, signShopperToken } from "@dropgate/client/server";

const {
  DROPGATE_URL: url = "http://127.0.0.1:8080",
  API_KEY: apiKey = "",
  SALE_ID: saleId = "",
} = process.env;
/** Where the gateway is asked at another address than its public one. */
const { PUBLIC_URL: issuer = url } = process.env;

/** A refusal is a value; this example has no way on after one. */
function must(answer) {
  if (!answer.ok) throw new Error(answer.code);
  return answer.value ?? answer.claims;
}

const merchant = openMerchant({ url, apiKey, issuer });
const shopperKey = must(await merchant.createShopperKey());

const queue = openQueue({ url, saleId, shopperToken: () => signShopperToken(shopperKey, "ada", { saleId }) });
queue.on("state", ({ state, position }) => console.log(state, position ?? ""));
const held = new Promise((resolve) => queue.on("held", resolve));
await queue.until(["lobby", "open"]);
must(await queue.join());
console.log("joined");
await queue.until("offered");
must(await queue.claim());
const { pass } = await held;

const { holdId, sku, unit } = must(await merchant.verifyPass(pass, { subject: "ada", saleId }));
must(await merchant.holds.startPayment(holdId));
// Here the card is charged.
must(await merchant.holds.confirm(holdId, { orderId: `order-${holdId}` }));
await queue.until("purchased");
console.log(`${sku}, unit ${unit}, is sold`);
queue.close();
