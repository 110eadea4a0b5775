// The German words of being told by mail and of going on with another device; loaded with the press that asks for it.
import type { AwayTexts } from "./en-away.ts";

export const deAway: AwayTexts = {
  mail: {
    title: "Per E-Mail Bescheid bekommen",
    text: "Wir schreiben Ihnen, wenn Sie dran sind, mit einem Link, der Ihren Platz auf jedem Gerät öffnet. Ihre Adresse wird für nichts anderes benutzt und gelöscht, wenn der Verkauf vorbei ist.",
    email: "E-Mail-Adresse",
    send: "Bescheid geben",
    sending: "Einen Moment…",
    on: (to: string) => `Wir schreiben an ${to}, wenn Sie dran sind.`,
    withdraw: "Nicht schreiben",
    withdrawn: "Erledigt: Ihre Adresse ist gelöscht.",
  },
  device: {
    title: "Auf einem anderen Gerät weitermachen",
    text: "Scannen Sie den Code mit dem anderen Gerät, oder öffnen Sie dort den Link. Er gilt einmal, innerhalb von zehn Minuten. Ihr Platz bleibt auch hier.",
    making: "Der Link wird gemacht…",
    code: "Code mit dem Link",
    link: "Der Link",
    copy: "Link kopieren",
    copied: "Kopiert.",
    over: "Die zehn Minuten dieses Links sind um. Machen Sie einen neuen.",
    again: "Neuen Link machen",
  },
  arrival: {
    title: "Den Platz mitnehmen?",
    text: "Dieser Link öffnet Ihren Platz in der Schlange auf diesem Gerät. Er gilt einmal. Auf dem Gerät, mit dem Sie sich angestellt haben, ändert sich nichts.",
    take: "Hier weitermachen",
    taking: "Ihr Platz wird geöffnet…",
  },
  close: "Schließen",
  cancel: "Jetzt nicht",
  refusals: {
    email: "Das sieht nicht wie eine E-Mail-Adresse aus. Bitte prüfen Sie sie.",
    tooMany:
      "Diese Adresse bekommt schon für so viele Plätze in diesem Verkauf Bescheid, wie es geht. Bitte nehmen Sie eine andere.",
    over: "Mit Ihrem Platz ist es inzwischen weitergegangen, es gibt also nichts mehr zu schreiben. Die Seite zeigt, wo Sie stehen.",
    off: "Hier wird zurzeit niemandem per E-Mail Bescheid gegeben. Ihr Platz ist sicher: Lassen Sie diese Seite offen.",
    away: "Das hat gerade nicht geklappt. Ihr Platz ist sicher; bitte versuchen Sie es gleich noch einmal.",
    used: "Dieser Link wurde schon benutzt: Jeder gilt einmal. Machen Sie einen neuen auf dem Gerät, mit dem Sie sich angestellt haben; Ihr Platz ist sicher.",
    expired:
      "Dieser Link galt zehn Minuten. Machen Sie einen neuen auf dem Gerät, mit dem Sie sich angestellt haben; Ihr Platz ist sicher.",
    notFound:
      "Dieser Link ist nicht vollständig oder zu alt. Machen Sie einen neuen auf dem Gerät, mit dem Sie sich angestellt haben; Ihr Platz ist sicher.",
  },
};
