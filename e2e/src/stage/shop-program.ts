// A shop's program as TypeScript sees it from outside: every line with a mistake says so, and no other has one.

export const SERVER_PROGRAM = `
import { openMemoryKeeper, openQueue, type QueueState, type Sale } from "@dropgate/client";
import { openMerchant, signShopperToken, verifyWebhook, type Answered, type Hold } from "@dropgate/client/server";

const queue = openQueue({ url: "https://queue.shop.example", saleId: "s", keeper: openMemoryKeeper() });
openQueue({ url: "https://queue.shop.example" }); // wrong
openQueue({ saleId: "s", shopperToken: async () => "a.b.c" });
openQueue({ saleId: "s", shopperToken: 7 }); // wrong
queue.on("held", ({ pass, checkoutUrl }) => pass.length + (checkoutUrl ?? "").length);
queue.on("held", ({ ticket }) => ticket); // wrong
queue.on("sold", () => undefined); // wrong
queue.on("state", (state: QueueState) => state.position?.toFixed());
queue.on("state", ({ position }) => position.toFixed()); // wrong
const { standing } = queue.read().moment;
if (standing.kind === "offered") new Date(standing.claimBy);
if (standing.kind === "lobby") standing.claimBy; // wrong
const joined = await queue.join();
if (!joined.ok && joined.code === "SALE_CLOSED") queue.close();
if (!joined.ok && joined.code === "SALE_SHUT") queue.close(); // wrong
joined.code; // wrong
const sale: Sale | null = queue.read().room.sale;
if (sale?.phase === "live") sale.schedule.opensAt.slice(0, 10);
if (sale?.phase === "alive") sale.title; // wrong

const merchant = openMerchant({ url: "https://queue.shop.example", apiKey: "k" });
const paid: Answered<Hold> = await merchant.holds.startPayment("h");
if (!paid.ok) paid.problem?.detail.trim();
paid.value; // wrong
await merchant.holds.confirm("h", { orderId: "o", shipTo: { country: "US" } });
await merchant.holds.confirm("h", { order: "o" }); // wrong
const pass = await merchant.verifyPass("a.b.c", { subject: null });
if (!pass.ok && pass.code === "PASS_OF_ANOTHER_CUSTOMER") await signShopperToken({ kid: "k", secret: "s" }, "ada");
const heard = await verifyWebhook("secret", { signature: null, body: "{}" });
if (heard.ok && heard.event.type === "hold.cancelled") heard.event.data.reason?.trim();
if (heard.ok && heard.event.type === "hold.confirmed") heard.event.data.reason; // wrong
`;

/** What a page has besides, with a browser's types. */
export const PAGE_PROGRAM = `${SERVER_PROGRAM}
import type {} from "@dropgate/client/element";
addEventListener("dropgate:held", ({ detail }) => location.assign(detail.checkoutUrl ?? "/"));
document.body.addEventListener("dropgate:error", ({ detail }) => detail.reason === "away");
document.body.addEventListener("dropgate:error", ({ detail }) => detail.reason === "tired"); // wrong
addEventListener("dropgate:offer", ({ detail }) => detail.pass); // wrong
`;
