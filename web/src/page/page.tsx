// The page's living part: the product first, then the one card. What stands below it is the server's and stays.

import type { RoomConnection } from "@dropgate/client/connection/room-connection";
import { checkoutAddress } from "@dropgate/client/room/checkout-address";
import type { RoomStore } from "@dropgate/client/room/room-store";
import type { Sale } from "@dropgate/contracts/sale";
import type { RoomTheme } from "@dropgate/contracts/theme";
import { type ReactNode, useSyncExternalStore } from "react";
import { Card } from "../card/card.tsx";
import { type ActionName, cardContent } from "../card/card-content.ts";
import { AwayStrip } from "../notify/away-strip.tsx";
import { Announcer } from "../telling/announcer.tsx";
import { armSignal, useSignals, useTelling } from "../telling/use-telling.ts";
import { texts } from "../texts/texts.ts";
import styles from "./page.module.css";
import { Picture } from "./picture.tsx";

export function Page(props: { store: RoomStore; connection: RoomConnection; theme: RoomTheme }): ReactNode {
  const { store, connection, theme } = props;
  const snapshot = useSyncExternalStore(store.subscribe, store.read);
  const [telling, change] = useTelling();
  const content = cardContent(snapshot, texts, telling, theme);
  useSignals(snapshot, content, telling);
  const { room, moment } = snapshot;
  const { sale } = room;
  const { standing } = moment;

  if (standing.kind === "unknown" || sale === null) {
    const { title, text } =
      standing.kind === "unknown" ? texts.page.unknown : { title: texts.page.loading, text: "" };
    return (
      <div className="dg-lost">
        <h1 className="dg-title">{title}</h1>
        <p>{text}</p>
      </div>
    );
  }

  /** A part that comes with the press did not come. */
  function away(): void {
    store.dispatch({ type: "acted", refusal: "AWAY" });
  }

  function act(name: ActionName): void {
    void armSignal(true);
    switch (name) {
      case "join":
      case "leave":
      case "claim":
      case "rejoin":
        return void connection[name]();
      case "letPass":
      case "giveBack":
        return void connection.release();
      case "notify":
      case "sound":
      case "returns":
        return change(name);
      case "calendar":
        return void import("../calendar/save-appointment.ts")
          .then((file) => file.saveAppointment(sale as Sale))
          .catch(away);
      case "checkout":
      case "checkDraw":
      case "told":
        return; // links, and words
    }
  }

  const pass = standing.kind === "held" ? standing.pass : null;
  return (
    <>
      <div className={styles.away} data-shown={moment.isAway}>
        {moment.isAway && (
          <p>{room.entry === null ? texts.page.reconnecting : texts.page.reconnectingSafe}</p>
        )}
      </div>
      <Picture imageUrl={sale.imageUrl ?? theme.pictureUrl} title={sale.title} />
      <div className="dg-side">
        <header className="dg-product">
          <h1 className="dg-title">{sale.title}</h1>
          {sale.price !== undefined && <p className="dg-price">{texts.formats.money(sale.price)}</p>}
          <p className="dg-terms">{texts.page.terms(sale.quantity, sale.limitPerShopper)}</p>
        </header>
        <Card
          snapshot={snapshot}
          content={content}
          checkoutHref={checkoutAddress(sale.checkoutUrl, pass)}
          drawHref="#draw"
          onAct={act}
          onAway={away}
        />
        <AwayStrip kept={room.kept} state={room.entry?.state ?? null} sale={sale} onAway={away} />
      </div>
      <Announcer snapshot={snapshot} content={content} />
    </>
  );
}
