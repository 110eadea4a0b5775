import { describe, expect, test } from "vitest";
import { calendarFile } from "./calendar-file.ts";

const appointment = {
  uid: "drop@shop.example",
  title: "Vessel; No. 7, glazed",
  text: "Join the lobby before the draw.\nBEGIN:VEVENT",
  url: "https://shop.example/s/drop",
  startsAt: Date.parse("2026-11-24T12:00:00Z"),
  endsAt: Date.parse("2026-11-24T12:30:00Z"),
};

describe("the calendar file", () => {
  test("says when, in UTC, and what", () => {
    const lines = calendarFile(appointment, 0).split("\r\n");
    expect(lines).toContain("DTSTART:20261124T120000Z");
    expect(lines).toContain("DTEND:20261124T123000Z");
    expect(lines).toContain("SUMMARY:Vessel\\; No. 7\\, glazed");
  });

  test("lets no text become a line of its own", () => {
    const lines = calendarFile(appointment, 0).split("\r\n");
    expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(1);
  });

  test("has no line over 75 bytes, and folding loses nothing", () => {
    const title = "磁器 🏺 ".repeat(30);
    const file = calendarFile({ ...appointment, title }, 0);
    for (const line of file.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(file.replaceAll("\r\n ", "")).toContain(`SUMMARY:${title}`);
  });
});
