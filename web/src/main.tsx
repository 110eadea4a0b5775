// Where the page begins: which sale, what the server already said of it, and the store, the connection and the view.

import { openEntryKeeper } from "@dropgate/client/connection/kept-entry";
import { connectRoom } from "@dropgate/client/connection/room-connection";
import type { RoomEvent } from "@dropgate/client/room/room-state";
import { openRoomStore, type RoomStore } from "@dropgate/client/room/room-store";
import type { Sale } from "@dropgate/contracts/sale";
import { createRoot } from "react-dom/client";
import { takeShopperToken } from "./connection/shopper-token.ts";
import { Page } from "./page/page.tsx";

const saleId = /^\/s\/([A-Za-z0-9_-]{1,64})\/?$/.exec(location.pathname)?.[1];
const root = document.getElementById("root");
let shopperToken: string | null = null;
let store: RoomStore | null = null;
// Without a sale the server's page has said so already, and there is nothing to connect to.
if (root !== null && saleId !== undefined && root.querySelector(".dg-lost") === null) {
  store = openRoomStore(saleId, said());
  shopperToken = takeShopperToken(saleId);
  const connection = connectRoom(
    {
      url: location.origin,
      saleId,
      shopperToken: () => shopperToken,
      keeper: openEntryKeeper(saleId),
      fetch: (address, init) => fetch(address, init),
    },
    store,
  );
  offerCheck(saleId, () => store?.read().room.kept?.entryId ?? null);
  createRoot(root).render(<Page store={store} connection={connection} />);
}
if (new URLSearchParams(location.search).has("embed")) {
  void import("./embed/frame.ts").then(({ enterFrame }) =>
    enterFrame(store, (token) => {
      shopperToken = token;
    }),
  );
}

/** The sale as the server wrote it into the page. */
function said(): RoomEvent[] {
  const text = document.getElementById("sale")?.textContent;
  return text ? [{ type: "sale", sale: JSON.parse(text) as Sale, isCached: true }] : [];
}

/** The server's button to check the draw here: its part is loaded when it is pressed, and again should it not come. */
function offerCheck(saleId: string, entryId: () => string | null): void {
  const button = document.querySelector<HTMLButtonElement>(".dg-check");
  if (button === null) return;
  button.dataset["ready"] = "";
  button.addEventListener("click", () => {
    void import("./draw-check/draw-check.tsx").then(
      ({ checkDraw }) => checkDraw(button.parentElement ?? button, saleId, entryId()),
      () => undefined,
    );
  });
}
