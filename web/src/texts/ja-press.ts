// The Japanese words that only a press brings up: questions, the notification, the calendar.
import type { PressTexts } from "./en-press.ts";

export const jaPress: PressTexts = {
  questions: {
    leave: {
      title: "列から離れますか？",
      text: "番号はなくなります。もう一度参加すると、列の最後尾の新しい番号になります。",
      yes: "離れる",
      no: "列に残る",
    },
    giveBack: {
      title: "商品を返しますか？",
      text: "すぐに次の方に渡ります。別の商品を希望する場合は、列の最後尾からの参加になります。",
      yes: "返す",
      no: "返さない",
    },
    giveBackInRush: {
      title: "商品を返しますか？",
      text: "すぐに他の方が確保できるようになります。もう一度確保できるのは、商品がある間だけです。",
      yes: "返す",
      no: "返さない",
    },
    letPass: {
      title: "この商品を見送りますか？",
      text: "すぐに次の方に渡ります。別の商品を希望する場合は、列の最後尾からの参加になります。",
      yes: "見送る",
      no: "見送らない",
    },
  },
  notification: {
    offered: { title: "あなたの番です", text: (sale) => `${sale}：今すぐ商品を確保してください。` },
    back: { title: "商品が戻りました", text: (sale) => `${sale}：戻ってきた商品があります。` },
  },
  calendar: { text: (address) => `抽選の前にロビーに入ってください：${address}` },
};
