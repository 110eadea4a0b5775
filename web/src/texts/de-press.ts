// The German words that only a press brings up: questions, the notification, the calendar.
import type { PressTexts } from "./en-press.ts";

export const dePress: PressTexts = {
  questions: {
    leave: {
      title: "Die Schlange verlassen?",
      text: "Ihre Nummer verfällt. Wenn Sie sich wieder anstellen, bekommen Sie eine neue am Ende der Schlange.",
      yes: "Verlassen",
      no: "In der Schlange bleiben",
    },
    giveBack: {
      title: "Ihr Stück zurückgeben?",
      text: "Es geht sofort an die nächste Person. Für ein anderes müssten Sie sich am Ende der Schlange wieder anstellen.",
      yes: "Zurückgeben",
      no: "Behalten",
    },
    giveBackInRush: {
      title: "Ihr Stück zurückgeben?",
      text: "Jemand anderes kann es sofort bekommen. Ein anderes bekommen Sie nur, solange noch etwas frei ist.",
      yes: "Zurückgeben",
      no: "Behalten",
    },
    letPass: {
      title: "Dieses Stück nicht nehmen?",
      text: "Es geht sofort an die nächste Person. Für ein anderes müssten Sie sich am Ende der Schlange wieder anstellen.",
      yes: "Nicht nehmen",
      no: "Ich möchte es doch",
    },
  },
  notification: {
    offered: { title: "Sie sind dran", text: (sale) => `${sale}: Nehmen Sie jetzt Ihr Stück.` },
    back: { title: "Es gibt wieder etwas", text: (sale) => `${sale}: Ein Stück ist zurückgekommen.` },
  },
  calendar: { text: (address) => `Vor der Auslosung in die Lobby gehen: ${address}` },
};
