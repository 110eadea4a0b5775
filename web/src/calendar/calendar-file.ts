// The sale as an appointment: an iCalendar file (RFC 5545), made in the browser, for the shopper's own calendar.

export interface Appointment {
  uid: string;
  title: string;
  text: string;
  url: string;
  /** ms since 1970. */
  startsAt: number;
  endsAt: number;
}

/** @param now ms since 1970: when the file was made */
export function calendarFile(appointment: Appointment, now: number): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Dropgate//Waiting room//EN",
    "BEGIN:VEVENT",
    `UID:${escapeText(appointment.uid)}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(appointment.startsAt)}`,
    `DTEND:${stamp(appointment.endsAt)}`,
    `SUMMARY:${escapeText(appointment.title)}`,
    `DESCRIPTION:${escapeText(appointment.text)}`,
    `URL:${appointment.url}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT5M",
    `DESCRIPTION:${escapeText(appointment.title)}`,
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return lines.map(fold).join("\r\n");
}

function stamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n");
}

const LINE_BYTES_MAX = 75;

/** Lines are at most 75 bytes; the rest goes on after a space, and no character is cut in two. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = "";
  let bytes = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (bytes + size > LINE_BYTES_MAX) {
      folded += "\r\n ";
      bytes = 1;
    }
    folded += character;
    bytes += size;
  }
  return folded;
}
