// A receiver of webhooks that does what a test wants, and webhooks that go to it.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebhookEvent, type WebhookEventType, webhookEventSchema } from "@dropgate/contracts/webhooks";
import { deriveKey, Sealer } from "@dropgate/inventory/sealing";
import { newWebhookSecret, webhookSealedAbout } from "@dropgate/inventory/webhook-secret";
import type { Truth } from "@dropgate/sql";
import { insertWebhook } from "@dropgate/sql/webhooks/webhook-row";

export const SECRET = "a secret of the tests, of 32 or more characters";

export interface Heard {
  event: WebhookEvent;
  body: string;
  signature: string;
  path: string;
}

export interface Receiver {
  url: string;
  /** Everything that came, in order; each as the contract says, or the receiver answers 418. */
  heard: Heard[];
  /** How it answers: a status, or never while the promise is pending. */
  answer: (heard: Heard) => number | Promise<number>;
  close(): void;
}

export async function openReceiver(): Promise<Receiver> {
  const heard: Heard[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += String(bytes)));
    request.on("end", () => {
      const event = webhookEventSchema.safeParse(JSON.parse(body));
      if (!event.success) return void response.writeHead(418).end(event.error.message);
      const signature = String(request.headers["x-signature"]);
      const one: Heard = { event: event.data, body, signature, path: request.url ?? "" };
      heard.push(one);
      void Promise.resolve(receiver.answer(one)).then((status) =>
        response.writeHead(status).end("heard\nyou"),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    heard,
    answer: () => 204,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}

let hooks = 0;

/** @returns its id and secret */
export async function addHook(
  truth: Truth,
  url: string,
  events: readonly WebhookEventType[],
): Promise<{ id: string; secret: string }> {
  const id = `wh_${++hooks}`;
  const secret = newWebhookSecret();
  const sealedSecret = new Sealer(deriveKey(SECRET, "seal")).seal(
    Buffer.from(secret),
    webhookSealedAbout(id),
  );
  const webhook = { id, url, description: null, events, enabled: true, sealedSecret, createdBy: "tester" };
  await truth.transaction((tx) => insertWebhook(tx, webhook, 50));
  return { id, secret };
}

/** Lets the pause of whatever waits be over. */
export async function hurry(truth: Truth): Promise<void> {
  await truth.query("UPDATE webhook_deliveries SET next_at = clock_timestamp() WHERE state = 'waiting'");
}
