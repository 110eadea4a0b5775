// The German words around a check of the draw.
import type { DrawTexts } from "./en-draw.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("de");
const counts = {
  more: { one: "und {n} weitere Stelle", other: "und {n} weitere Stellen" },
  valid: {
    one: "Alles stimmt. {n} Nummer wurde hier in Ihrem Browser nachgerechnet.",
    other: "Alles stimmt. {n} Nummern wurden hier in Ihrem Browser nachgerechnet.",
  },
  open: {
    one: "Bis hierher stimmt es, für {n} Nummer. Den Rest kann man prüfen, wenn der Verkauf zu Ende und das Geheimnis veröffentlicht ist.",
    other:
      "Bis hierher stimmt es, für {n} Nummern. Den Rest kann man prüfen, wenn der Verkauf zu Ende und das Geheimnis veröffentlicht ist.",
  },
} satisfies CountsIn<"de">;

export const deDraw: DrawTexts = {
  counts,
  progressLabel: "Die Auslosung wird geprüft",
  reading: (checked, of) => `${f.number(checked)} von ${f.number(of)} Nummern nachgerechnet…`,
  stop: "Anhalten",
  stopped: "Sie haben die Prüfung angehalten, bevor sie fertig war. Sie sagt also nichts über den Nachweis.",
  again: "Noch einmal prüfen",
  away: "Der Nachweis ließ sich gerade nicht lesen. Soweit wir wissen, ist nichts damit verkehrt; bitte versuchen Sie es noch einmal.",
  verdicts: {
    valid: (entries) => f.count(entries, counts.valid),
    open: (entries) => f.count(entries, counts.open),
    invalid: "Dieser Nachweis stimmt nicht. Was falsch ist, steht unten; bitte zeigen Sie es dem Shop.",
  },
  marks: { passed: "stimmt", failed: "stimmt nicht", later: "später" },
  own: (claimed, recomputed) =>
    recomputed === null
      ? `Ihre Nummer in der Liste: ${f.number(claimed)}.`
      : `Ihre Nummer in der Liste: ${f.number(claimed)}. Nachgerechnet: ${f.number(recomputed)}.`,
  notListed: "Ihr Eintrag steht noch in keiner der veröffentlichten Listen.",
  more: (count) => f.count(count, counts.more),
  fingerprints: {
    commitment: "Fingerabdruck des Geheimnisses",
    secret: "Das Geheimnis",
    digest: "Fingerabdruck Ihrer Liste",
    key: "Woraus Ihre Nummer folgt",
  },
  checks: {
    file: {
      passed: "Die Datei der Auslosung ist vollständig und in ihren Grenzen.",
      failed: "Die Datei der Auslosung ist nicht lesbar.",
    },
    algorithm: {
      passed: "Das Verfahren ist dropgate-draw-1.",
      failed: "Das Verfahren ist ein anderes.",
    },
    noted: {
      passed: "Der Fingerabdruck ist der, den Sie notiert haben.",
      failed: "Der Fingerabdruck ist nicht der, den Sie notiert haben.",
    },
    commitment: {
      passed: "Das Geheimnis ist das, dessen Fingerabdruck veröffentlicht war.",
      failed: "Das Geheimnis ist nicht das, dessen Fingerabdruck veröffentlicht war.",
      later: "Das Geheimnis wird veröffentlicht, wenn der Verkauf zu Ende ist.",
    },
    buckets: {
      passed: "Die Nummern beginnen bei 1 und gehen von Liste zu Liste lückenlos weiter.",
      failed: "Die Listen folgen nicht so aufeinander, wie sie müssen.",
    },
    seeds: {
      passed: "Jede Reihenfolge folgt aus dem Geheimnis und dem Fingerabdruck ihrer Liste.",
      failed: "Eine Reihenfolge folgt nicht aus dem Geheimnis und dem Fingerabdruck ihrer Liste.",
      later: "Ob die Reihenfolgen aus dem Geheimnis folgen, kann man am Ende des Verkaufs prüfen.",
    },
    lines: {
      passed: "Jede Zeile der Liste ist lesbar.",
      failed: "Zeilen der Liste sind nicht lesbar.",
    },
    membership: {
      passed: "Jeder Eintrag steht in genau einer Liste.",
      failed: "Ein Eintrag wurde doppelt ausgelost oder steht in einer Liste, die es nicht gibt.",
    },
    counts: {
      passed: "Jede Liste hat so viele Einträge, wie sie angibt.",
      failed: "Eine Liste hat mehr oder weniger Einträge, als sie angibt.",
    },
    digests: {
      passed: "Jede Liste ist die, die vor der Auslosung versiegelt wurde.",
      failed: "Eine Liste ist nicht die, die vor der Auslosung versiegelt wurde.",
    },
    tickets: {
      passed: "Jede Nummer wurde genau einmal vergeben.",
      failed: "Nummern fehlen, sind doppelt oder gehören nicht hierher.",
    },
    order: {
      passed: "Jede Nummer ist die, die sich aus der Auslosung ergibt.",
      failed: "Nummern sind nicht die, die sich aus der Auslosung ergeben.",
      later: "Die Reihenfolge kann man am Ende des Verkaufs prüfen.",
    },
  },
};
