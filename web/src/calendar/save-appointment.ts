// Hands the shopper the sale as an appointment for their own calendar. Loaded with the press that asks for it, so that
// the first load does not carry it.
import type { Sale } from "@dropgate/contracts/sale";
import { timeOf } from "../room/room-state.ts";
import { texts } from "../texts/texts.ts";
import { calendarFile } from "./calendar-file.ts";

/** Makes the file and saves it as a download. */
export async function saveAppointment(sale: Sale): Promise<void> {
  const { calendar } = await texts.press();
  const appointment = {
    uid: `${sale.id}@${location.host}`,
    title: sale.title,
    text: calendar.text(location.href),
    url: location.href,
    startsAt: timeOf(sale.schedule.lobbyAt),
    endsAt: timeOf(sale.schedule.opensAt),
  };
  const file = new Blob([calendarFile(appointment, Date.now())], { type: "text/calendar" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${sale.id}.ics`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
