// The warehouse's one page: its orders and shelves, newest first, looked at again every two seconds.
import { type Html, html } from "../shop/html.ts";
import type { Memory } from "./memory.ts";

const SHOWN_MAX = 200;

export function statePage(
  requests: ReturnType<Memory["requests"]>,
  shelves: ReturnType<Memory["shelves"]>,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="2">
<title>The simulated warehouse</title>
</head>
<body>
<h1>The simulated warehouse</h1>
<p>It takes what Dropgate asks, and answers with events. The same as JSON: <a href="/state">/state</a>.</p>
<h2>Asked</h2>
${requests.length === 0 ? html`<p>Nothing yet.</p>` : table(requests)}
<h2>Shelves</h2>
${
  shelves.length === 0
    ? html`<p>Nobody has said what lies here.</p>`
    : html`<ul>${shelves.map(
        ({ locationId, sku, count }) => html`<li>${sku} in ${locationId}: ${String(count)}</li>`,
      )}</ul>`
}
</body>
</html>
`.text;
}

function table(requests: ReturnType<Memory["requests"]>): Html {
  const rows = requests.toReversed().slice(0, SHOWN_MAX);
  return html`<table border="1" cellpadding="6">
<tr><th scope="col">Request</th><th scope="col">Where</th><th scope="col">What for</th><th scope="col">What Dropgate has been told</th></tr>
${rows.map(
  ({ request, events, isStopped }) => html`<tr>
  <td>${request.requestType}</td><td>${request.locationId}</td><td>${subjectOf(request)}</td>
  <td>${isStopped && events.length === 0 ? "stopped" : events.map(({ event, isTold }) => `${event.eventType} ${isTold ? "✓" : "…"}`).join(", ")}</td>
</tr>`,
)}
</table>`;
}

function subjectOf(request: ReturnType<Memory["requests"]>[number]["request"]): string {
  switch (request.requestType) {
    case "PICK_REQUEST":
      return `order ${request.orderId}: ${request.items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(", ")}`;
    case "CANCEL_REQUEST":
      return `order ${request.orderId}`;
    case "TRANSFER_REQUEST":
      return `transfer ${request.transferId} to ${request.toLocationId}`;
    case "COUNT_REQUEST":
      return request.sku;
  }
}
