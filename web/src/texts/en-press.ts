// The English words that only a press brings up: questions, the notification, the calendar. They are loaded with it.

export const enPress = {
  questions: {
    leave: {
      title: "Leave the line?",
      text: "Your number goes. If you join again, you get a new one at the end of the line.",
      yes: "Leave",
      no: "Stay in line",
    },
    giveBack: {
      title: "Give your unit back?",
      text: "It goes to the next in line at once. To get another, you'd join again at the end of the line.",
      yes: "Give it back",
      no: "Keep it",
    },
    giveBackInRush: {
      title: "Give your unit back?",
      text: "Somebody else can get it at once. To get another, you'd try again while units are free.",
      yes: "Give it back",
      no: "Keep it",
    },
    letPass: {
      title: "Let this unit pass?",
      text: "It goes to the next in line at once. To get another, you'd join again at the end of the line.",
      yes: "Let it pass",
      no: "Keep my turn",
    },
  },
  notification: {
    offered: { title: "It's your turn", text: (sale: string) => `${sale}: claim your unit now.` },
    back: { title: "Units are back", text: (sale: string) => `${sale}: a unit has come back.` },
  },
  calendar: { text: (address: string) => `Join the lobby before the draw: ${address}` },
};

export type PressTexts = typeof enPress;
