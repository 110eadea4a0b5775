// Every word that a shopper reads, in Japanese.
import type { RefusalTexts, Texts } from "./en.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("ja");

const counts = {
  units: { other: "{n}点" },
  perPerson: { other: "お一人様{n}点まで" },
  inDraw: { other: "人が抽選に参加" },
  inLine: { other: "人が並んでいます" },
  inSale: { other: "点の販売" },
  inLobby: { other: "現在{n}人がロビーにいます。" },
  ahead: { other: "前に{n}人います" },
  secondsToClaim: { other: "あなたの番です。あと{n}秒以内に商品を確保してください。" },
  secondsLeft: { other: "残り{n}秒です。" },
  minutesLeft: { other: "お支払いまで残り{n}分です。" },
} satisfies CountsIn<"ja">;

const units = (count: number) => f.count(count, counts.units);

const refusals: RefusalTexts = {
  AWAY: "ただいまショップに接続できません。順番は保たれています。少し待ってからもう一度お試しください。",
  BUSY: "ただいま大変混み合っています。何も失われていません。少し待ってからもう一度お試しください。",
  RATE_LIMITED: "ただいま多くの方が参加しています。少し待ってからもう一度お試しください。",
  SALE_NOT_OPEN: "ロビーはまだ開いていません。開いたらすぐにこのページでお知らせします。",
  SALE_CLOSED: "販売は終了したため、これからの参加はできません。",
  SOLD_OUT: "ただいますべて販売済みか、お支払い手続き中です。戻ってきた商品があれば購入できます。",
  ALREADY_PURCHASED: "この販売でお一人様が購入できる数に達しています。",
  IDENTITY_REQUIRED:
    "この販売はお客様お一人につき一つの順番です。ショップにログインし、そのリンクからお戻りください。",
  REHEARSAL_ONLY:
    "これはリハーサルです。参加できるのは模擬の購入者だけです。実際の販売は別のアドレスで行われます。",
  CHALLENGE_REQUIRED:
    "この販売には追加の確認が必要ですが、このページではまだ対応していません。ショップにお問い合わせください。",
  HOLD_EXPIRED: "この商品の時間が過ぎたため、次の方に渡りました。",
  WRONG_STATE: "その間に状況が変わりました。現在の状況を表示しています。",
  UNAUTHENTICATED:
    "ブラウザーにCookieが保存されませんでした。このページのCookieを許可して、もう一度お試しください。",
};

export const ja: Texts = {
  language: "ja",
  formats: f,
  counts,

  page: {
    title: (sale) => `${sale} – 待合室`,
    terms: (quantity, limit) => `${units(quantity)}・${f.count(limit, counts.perPerson)}`,
    reconnecting: "再接続しています…",
    reconnectingSafe: "再接続しています… 順番は保たれています",
    connected: "接続が回復しました。",
    loading: "お待ちください…",
    unknown: {
      title: "このアドレスに販売はありません",
      text: "アドレスが変わったか、途中で文字が抜けた可能性があります。正しいリンクはショップのページにあります。",
    },
  },

  figures: {
    untilLobby: "ロビーが開くまで",
    untilDraw: "抽選まで",
    untilOpen: "販売開始まで",
    inDraw: (count) => f.count(count, counts.inDraw),
    inLine: (count) => f.count(count, counts.inLine),
    place: "あなたの順番",
    ahead: (count) => (count === 0 ? "前には誰もいません" : f.count(count, counts.ahead)),
    toClaim: "商品を確保するまで",
    toCheckOut: "お支払いまで",
    number: "あなたの番号",
    finalPlace: "あなたの最終順位",
    order: "ご注文番号",
    bought: "点を購入",
    units: (count) => f.count(count, counts.inSale),
  },

  ticket: (ticket) => `${f.number(ticket)}番`,
  facts: {
    lobby: "ロビー開場",
    draw: "抽選",
    opens: "販売開始",
    unit: "あなたの商品",
    price: "価格",
  },
  progress: (tenths) => `${f.number(tenths * 10)}パーセント進みました。`,
  progressLabel: "あなたの番までの道のり",
  timeLabel: "残り時間",

  headlines: {
    loading: "お待ちください…",
    scheduled: "開始まで",
    lobby: "ロビーが開いています。",
    lobbyJoined: "参加しました。",
    drawing: "順番を抽選しています…",
    drawn: "順番が決まりました。",
    open: "販売中です。",
    openSoldOut: "すべて販売済みです。",
    numbering: "参加しました。",
    waiting: "列に並んでいます。",
    next: "次はあなたの番です。",
    offered: "あなたの番です。",
    held: (until) => `${until}まであなたのものです`,
    missed: (at) => `${at}に順番が過ぎました。`,
    purchased: "ご購入ありがとうございます！",
    soldOut: "すべて販売済みです",
    paused: "販売は一時停止中です。",
    pausedSafe: "販売は一時停止中です。順番は保たれています。",
    left: "列から離れました。",
    released: "商品をお返しになりました。",
    cancelled: "ご注文は取り消されました。",
    expired: (at) => `${at}に時間が過ぎました。`,
    closed: "販売は終了しました。",
  },

  lines: {
    beforeDraw: "抽選の前ならいつでも参加できます。早く来ても有利にはなりません。",
    lobby: (count) =>
      count > 0
        ? `${f.count(count, counts.inLobby)}早く来ても有利にはなりません。`
        : "早く来ても有利にはなりません。",
    drawing: "ロビーにいる全員に同じチャンスがあります。番号は数秒で決まります。",
    drawingWatch: "今から参加する方は、抽選の方々の後になります。",
    drawnIn: (left) => `${left}後に順番が始まります。`,
    drawnSoon: "まもなく順番が始まります。",
    rush: "この販売に列はありません。商品がある間は、すぐに確保できます。",
    open: "参加すると、いま並んでいる方の次の番号になります。",
    openSoldOut: "ご注文の取り消しがあれば、その商品は次の方に渡ります。並んでお待ちいただけます。",
    numbering: "番号は数秒で決まります。その後は変わりません。",
    estimate({ low, high, unit }) {
      if (unit === "minute" && high <= 1) return "あと1分未満です。";
      const range = f.duration(Math.max(low, unit === "minute" ? 1 : 0.5), high, unit);
      return `あと約${range}です。`;
    },
    slowing: {
      paused: "販売が一時停止したため、お伝えした時間より長くかかります。",
      stock: "空いている商品が少ないため、お伝えした時間より長くかかります。",
      rate: "ショップがご案内の速度を落としたため、お伝えした時間より長くかかります。",
      slower: "列の進みが遅くなったため、お伝えした時間より長くかかります。",
    },
    noEstimate: "ただいま列が動いていないため、待ち時間をお伝えできません。",
    returned: "次に空いた商品はあなたのものです。",
    odds(odds, quantity, ahead) {
      const total = units(quantity);
      const before = f.number(ahead);
      switch (odds) {
        case "sure":
          if (ahead === 0) return "商品をご案内できます。";
          return `${total}に対し、前に${before}人です。そのうちの一つをご案内できます。`;
        case "likely":
          return `${total}に対し、前に約${before}人です。見送る方もいるため、購入できる見込みは高いです。`;
        case "possible":
          return `${total}に対し、前に約${before}人です。見送る方が多ければ、購入できる可能性があります。`;
        case "unlikely":
          return `${total}に対し、前に約${before}人です。購入できる見込みは低いですが、戻り分のために列に残ります。`;
      }
    },
    taking: (tenths) =>
      `これまでにご案内した方のうち、商品を確保したのは${f.number(10)}人中${f.number(tenths)}人以下です。`,
    allTaken: "ただいますべて販売済みか、お支払い手続き中です。戻りがあり次第、列が進みます。",
    offered: (windowText) => `確保すると、お支払いの間${windowText}あなたのものになります。`,
    offeredElse: "確保しないと次の方に渡ります。その後、一度だけ戻ることができます。",
    held: "商品を確保しています。時間内にショップでお支払いください。",
    heldNoCheckout: "商品を確保しています。ショップに戻り、時間内にお支払いください。",
    heldSoon: "残りわずかです。時間が過ぎると、商品は次の方に渡ります。",
    paying: "お支払いの処理中のため、時間を少し延長しています。",
    missedReturn:
      "商品は次の方に渡りました。一度だけ戻ることができ、次に空いた商品はあなたのものになります。",
    missed: "商品は次の方に渡りました。",
    purchased: "ショップがご注文を受け付けました。確認の連絡が届きます。",
    soldOut: "全員が抽選の順にご案内されました。あなたが飛ばされたことはありません。",
    stay: (until) => `${until}まで列に残ります。取り消された注文の商品は次の方に渡ります。`,
    paused: "列は止まっており、誰もあなたの前には進みません。",
    pausedWatch: "その間も列に参加できます。",
    left: "後ろの方が前に進みました。",
    released: "次の方に渡りました。きっと喜ばれます。",
    cancelled: "その商品は次の方に渡りました。お心当たりがない場合は、ショップにお問い合わせください。",
    expired: "商品は次の方に渡りました。お支払い済みの場合は、ショップが返金します。",
    joinAgain: "列の最後尾からもう一度参加できます。",
    closed: "全員が抽選の順にご案内されました。",
    claimsGoOn: "販売は一時停止中ですが、あなたの番は続いています。このまま進めます。",
    minutes: (seconds) =>
      seconds < 120 ? f.span(seconds, "second") : f.span(Math.floor(seconds / 60), "minute"),
  },

  actions: {
    join: "列に参加する",
    attempt: "今すぐ確保する",
    joinLobby: "ロビーに入る",
    joinAgain: "もう一度参加する",
    joinForAnother: "もう一点のために参加する",
    leave: "列から離れる",
    leaveLobby: "ロビーから出る",
    claim: "商品を確保する",
    letPass: "見送る",
    checkout: "お支払いへ進む",
    giveBack: "返す",
    rejoin: "戻る",
    calendar: "カレンダーに追加",
    notify: "順番が来たら知らせる",
    told: "お知らせします。",
    notifyReturns: "戻りがあれば知らせる",
    sound: "順番が来たら音を鳴らす",
    checkDraw: "抽選を確かめる",
    away: "この画面を離れますか?",
    byMail: "メールで知らせる",
    otherDevice: "別の端末を使う",
  },
  acting: {
    join: "参加しています…",
    leave: "列から離れています…",
    claim: "確保しています…",
    release: "返しています…",
    rejoin: "戻っています…",
  },

  refusal: (code) =>
    refusals[code] ??
    "うまくいきませんでしたが、何も変わっていません。少し待ってからもう一度お試しください。",

  spoken: {
    offered: (seconds) => f.count(seconds, counts.secondsToClaim),
    secondsLeft: (seconds) => f.count(seconds, counts.secondsLeft),
    minutesLeft: (minutes) => f.count(minutes, counts.minutesLeft),
  },
  tab: {
    offered: (left) => `(${left}) あなたの番です！`,
    held: (left) => `(${left}) 確保中`,
    waiting: (position) => `${position}番目`,
  },

  press: () => import("./ja-press.ts").then((file) => file.jaPress),
  draw: () => import("./ja-draw.ts").then((file) => file.jaDraw),
  away: () => import("./ja-away.ts").then((file) => file.jaAway),
};
