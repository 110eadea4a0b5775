// The English words of being told by mail and of going on with another device; loaded with the press that asks for it.

export const enAway = {
  mail: {
    title: "Be told by e-mail",
    text: "We write when it's your turn, with a link that opens your place on any device. Your address is used for nothing else, and deleted when the sale is over.",
    email: "E-mail address",
    send: "Tell me",
    sending: "One moment…",
    on: (to: string) => `We'll write to ${to} when it's your turn.`,
    withdraw: "Don't write to me",
    withdrawn: "Done: your address is deleted.",
  },
  device: {
    title: "Continue on another device",
    text: "Scan the code with the other device, or open the link there. It works once, within ten minutes. Your place stays here too.",
    making: "Making the link…",
    code: "Code with the link",
    link: "Link",
    copy: "Copy the link",
    copied: "Copied.",
    over: "This link's ten minutes are over. Make a new one.",
    again: "Make a new link",
  },
  arrival: {
    title: "Take your place along?",
    text: "This link opens your place in line on this device. It works once. On the device where you joined, nothing changes.",
    take: "Continue here",
    taking: "Opening your place…",
  },
  close: "Close",
  cancel: "Not now",
  refusals: {
    email: "That doesn't look like an e-mail address. Please check it.",
    tooMany: "This address is told of as many places in this sale as it may be. Please use another one.",
    over: "Your place has moved on in the meantime, so there's nothing to write about. The page shows where you stand.",
    off: "Nobody is told by e-mail here at the moment. Your place is safe: keep this page open.",
    away: "That didn't work just now. Your place is safe; please try again in a moment.",
    used: "This link was used already: each one works once. Make a new one on the device where you joined; your place is safe.",
    expired:
      "This link was good for ten minutes. Make a new one on the device where you joined; your place is safe.",
    notFound:
      "This link isn't whole, or it's too old. Make a new one on the device where you joined; your place is safe.",
  },
};

export type AwayTexts = typeof enAway;
