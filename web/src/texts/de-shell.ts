// The German words that only the server writes into the page.
import type { ShellTexts } from "./en-shell.ts";
import { dateTimeUtc } from "./formats.ts";

export const deShell: ShellTexts = {
  languages: "Sprache",
  rehearsal:
    "Dies ist eine Probe. Hier stehen nur simulierte Kundinnen und Kunden an, und verkauft wird nichts.",
  noScript:
    "Um sich anzustellen, braucht diese Seite JavaScript. Es ist klein und kommt nur von hier; bitte schalten Sie es ein und laden Sie die Seite neu.",
  how: {
    title: "So funktioniert die Schlange",
    facts: [
      "Wer vor der Auslosung dazukommt, hat die gleiche Chance wie alle. Eine Sekunde früher oder ein schnelles Telefon bringen nichts.",
      "Ihre Nummer ändert sich nie, und niemand wird vor Sie gesetzt. Wenn Sie dran sind, ist ein Stück für Sie zurückgelegt.",
      "Sie können diese Seite schließen, neu laden oder zweimal öffnen. Dieser Browser behält Ihren Platz.",
    ],
  },
  rush: {
    title: "So funktioniert dieser Verkauf",
    facts: [
      "Es gibt keine Schlange und keine Auslosung: Sobald der Verkauf beginnt, bekommt eines, wer danach fragt, solange etwas frei ist.",
      "Ein Stück, das Sie bekommen, bleibt für Sie zurückgelegt, während Sie bezahlen. Sonst geht es zurück, und jemand anderes kann es bekommen.",
      "Sie können diese Seite schließen, neu laden oder zweimal öffnen. Dieser Browser behält Ihr Stück.",
    ],
  },
  draw: {
    title: "Auslosung prüfen",
    text: "Bevor die Lobby öffnete, haben wir den Fingerabdruck einer geheimen Zahl veröffentlicht. Zusammen mit der Liste aller Teilnehmenden legt sie die Reihenfolge fest; weder wir noch der Shop konnten also aussuchen, wer zuerst kommt. Wenn der Verkauf zu Ende ist, wird das Geheimnis veröffentlicht, und jede und jeder kann die ganze Reihenfolge nachrechnen.",
    fingerprint: "Fingerabdruck des Geheimnisses",
    proof: "Der Nachweis",
    list: "Die Liste",
    here: "Hier prüfen",
    how: "Oder speichern Sie beide Dateien und rechnen Sie selbst mit dem quelloffenen Prüfprogramm nach:",
  },
  sentences: {
    scheduled: (at) => `Die Lobby öffnet am ${dateTimeUtc("de", at)}.`,
    lobby: (at) => `Die Lobby ist offen. Die Reihenfolge wird am ${dateTimeUtc("de", at)} ausgelost.`,
    drawing: "Die Reihenfolge wird ausgelost.",
    rush: (at) => `Der Verkauf beginnt am ${dateTimeUtc("de", at)}.`,
    live: "Der Verkauf läuft.",
    paused: "Der Verkauf pausiert. Alle Plätze sind sicher.",
    sold_out: "Alle Stücke sind verkauft. Das Stück einer stornierten Bestellung geht an die nächste Person.",
    closed: "Der Verkauf ist zu Ende.",
  },
};
