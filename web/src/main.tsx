// Where the page begins: which sale, what the server already said of it, and the store, the connection and the view.

import { openEntryKeeper } from "@dropgate/client/connection/kept-entry";
import { connectRoom, type RoomConnection } from "@dropgate/client/connection/room-connection";
import type { RoomEvent } from "@dropgate/client/room/room-state";
import { openRoomStore, type RoomStore } from "@dropgate/client/room/room-store";
import type { Sale } from "@dropgate/contracts/sale";
import type { RoomTheme } from "@dropgate/contracts/theme";
import { createRoot } from "react-dom/client";
import { takeShopperToken } from "./connection/shopper-token.ts";
import { Page } from "./page/page.tsx";
import { loadTexts, texts } from "./texts/texts.ts";

const saleId = /^\/s\/([A-Za-z0-9_-]{1,64})\/?$/.exec(location.pathname)?.[1];
const root = document.getElementById("root");
let shopperToken: string | null = null;
let store: RoomStore | null = null;
// Without a sale the server's page has said so already, and there is nothing to connect to.
if (root !== null && saleId !== undefined && root.querySelector(".dg-lost") === null) {
  const words = loadTexts(document.documentElement.lang);
  const room = openRoomStore(saleId, said());
  store = room;
  shopperToken = takeShopperToken(saleId);
  const connection = connectRoom(
    {
      url: location.origin,
      saleId,
      shopperToken: () => shopperToken,
      keeper: openEntryKeeper(saleId),
      fetch: (address, init) => fetch(address, init),
      openSocket: (address) => new WebSocket(address),
    },
    room,
  );
  // Without words the server's page stays: it says what the sale is, and where.
  const show = (): void => {
    offerCheck(saleId, () => room.read().room.kept?.entryId ?? null);
    createRoot(root).render(<Page store={room} connection={connection} theme={theme()} />);
  };
  words.then(show, () => undefined);
  const arrive = (): void => {
    const link = takeLinkSecret();
    if (link !== null) void words.then(() => openArrival(link, connection)).catch(() => undefined);
  };
  arrive();
  // Put into the address of a page that is open already.
  addEventListener("hashchange", arrive);
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

/** What the operator's theme says in the card. */
function theme(): RoomTheme {
  const text = document.getElementById("theme")?.textContent;
  return text ? (JSON.parse(text) as RoomTheme) : {};
}

/** The secret of a link that brought somebody here; from then on it stands in no address and no history. */
function takeLinkSecret(): string | null {
  const secret = /^#link=(.*)$/.exec(location.hash)?.[1];
  if (secret === undefined) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return secret;
}

async function openArrival(link: string, connection: RoomConnection): Promise<void> {
  const [arrival, words] = await Promise.all([import("./notify/link-arrival.tsx"), texts.away()]);
  arrival.askToTake(link, words, (joined) => connection.adopt(joined));
}

/** The server's button to check the draw here: its part is loaded when it is pressed, and again should it not come. */
function offerCheck(saleId: string, entryId: () => string | null): void {
  const button = document.querySelector<HTMLButtonElement>(".dg-check");
  if (button === null) return;
  button.dataset["ready"] = "";
  button.addEventListener("click", () => {
    import("./draw-check/draw-check.tsx")
      .then(({ checkDraw }) => checkDraw(button.parentElement ?? button, saleId, entryId()))
      .catch(() => undefined);
  });
}
