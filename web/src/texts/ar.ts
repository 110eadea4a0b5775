// Every word that a shopper reads, in Arabic. Written from right to left; the page's direction follows the language.
import type { RefusalTexts, Texts } from "./en.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("ar");

const counts = {
  units: {
    zero: "{n} قطعة",
    one: "قطعة واحدة",
    two: "قطعتان",
    few: "{n} قطع",
    many: "{n} قطعة",
    other: "{n} قطعة",
  },
  perPerson: {
    zero: "{n} لكل شخص",
    one: "قطعة واحدة لكل شخص",
    two: "حتى قطعتين لكل شخص",
    few: "حتى {n} قطع لكل شخص",
    many: "حتى {n} قطعة لكل شخص",
    other: "حتى {n} قطعة لكل شخص",
  },
  inDraw: {
    zero: "شخص في القرعة",
    one: "شخص في القرعة",
    two: "شخصان في القرعة",
    few: "أشخاص في القرعة",
    many: "شخصًا في القرعة",
    other: "شخص في القرعة",
  },
  inLine: {
    zero: "شخص في الطابور",
    one: "شخص في الطابور",
    two: "شخصان في الطابور",
    few: "أشخاص في الطابور",
    many: "شخصًا في الطابور",
    other: "شخص في الطابور",
  },
  inSale: {
    zero: "قطعة في هذا البيع",
    one: "قطعة في هذا البيع",
    two: "قطعتان في هذا البيع",
    few: "قطع في هذا البيع",
    many: "قطعة في هذا البيع",
    other: "قطعة في هذا البيع",
  },
  inLobby: {
    zero: "لا أحد في الردهة الآن.",
    one: "في الردهة شخص واحد.",
    two: "في الردهة شخصان.",
    few: "في الردهة {n} أشخاص.",
    many: "في الردهة {n} شخصًا.",
    other: "في الردهة {n} شخص.",
  },
  ahead: {
    zero: "لا أحد أمامك",
    one: "شخص واحد أمامك",
    two: "شخصان أمامك",
    few: "{n} أشخاص أمامك",
    many: "{n} شخصًا أمامك",
    other: "{n} شخص أمامك",
  },
  secondsToClaim: {
    zero: "حان دورك. احجز قطعتك الآن.",
    one: "حان دورك. أمامك ثانية واحدة لحجز قطعتك.",
    two: "حان دورك. أمامك ثانيتان لحجز قطعتك.",
    few: "حان دورك. أمامك {n} ثوانٍ لحجز قطعتك.",
    many: "حان دورك. أمامك {n} ثانية لحجز قطعتك.",
    other: "حان دورك. أمامك {n} ثانية لحجز قطعتك.",
  },
  secondsLeft: {
    zero: "انتهى الوقت.",
    one: "بقيت ثانية واحدة.",
    two: "بقيت ثانيتان.",
    few: "بقيت {n} ثوانٍ.",
    many: "بقيت {n} ثانية.",
    other: "بقيت {n} ثانية.",
  },
  minutesLeft: {
    zero: "بقي أقل من دقيقة للدفع.",
    one: "بقيت دقيقة واحدة للدفع.",
    two: "بقيت دقيقتان للدفع.",
    few: "بقيت {n} دقائق للدفع.",
    many: "بقيت {n} دقيقة للدفع.",
    other: "بقيت {n} دقيقة للدفع.",
  },
} satisfies CountsIn<"ar">;

const units = (count: number) => f.count(count, counts.units);
const ahead = (count: number) => f.count(count, counts.ahead);

const refusals: RefusalTexts = {
  AWAY: "تعذّر الوصول إلى المتجر الآن. مكانك محفوظ؛ يُرجى المحاولة مرة أخرى بعد لحظات.",
  BUSY: "الازدحام شديد الآن. لم يضِع شيء؛ يُرجى المحاولة مرة أخرى بعد لحظات.",
  RATE_LIMITED: "ينضم كثيرون الآن. يُرجى المحاولة مرة أخرى بعد لحظات.",
  SALE_NOT_OPEN: "لم تُفتح الردهة بعد. ستخبرك هذه الصفحة فور فتحها.",
  SALE_CLOSED: "انتهى البيع للتو، ولم يعد الانضمام ممكنًا.",
  SOLD_OUT: "كل القطع مباعة أو محجوزة الآن. إذا عادت قطعة فيمكنك الحصول عليها.",
  ALREADY_PURCHASED: "اشتريت بالفعل أقصى ما يُسمح به لشخص واحد في هذا البيع.",
  IDENTITY_REQUIRED: "لكل عميل مكان واحد في هذا البيع. سجّل الدخول في المتجر ثم عُد من رابطه.",
  REHEARSAL_ONLY: "هذه تجربة تمهيدية: لا يشارك فيها إلا مشترون محاكون. للبيع نفسه عنوان آخر.",
  CHALLENGE_REQUIRED: "يتطلب هذا البيع تحققًا إضافيًا لا تدعمه هذه الصفحة بعد. يُرجى سؤال المتجر.",
  HOLD_EXPIRED: "انتهى وقت هذه القطعة وانتقلت إلى التالي في الطابور.",
  WRONG_STATE: "تغيّر شيء في هذه الأثناء. هذا هو وضعك الآن.",
  UNAUTHENTICATED:
    "لم يحفظ متصفحك ملف تعريف الارتباط. اسمح بملفات تعريف الارتباط لهذه الصفحة ثم حاول مرة أخرى.",
};

export const ar: Texts = {
  language: "ar",
  formats: f,
  counts,

  page: {
    title: (sale) => `${sale} – غرفة الانتظار`,
    terms: (quantity, limit) => `${units(quantity)} · ${f.count(limit, counts.perPerson)}`,
    reconnecting: "جارٍ إعادة الاتصال…",
    reconnectingSafe: "جارٍ إعادة الاتصال… مكانك محفوظ",
    connected: "عاد الاتصال.",
    loading: "لحظة من فضلك…",
    unknown: {
      title: "لا يوجد بيع على هذا العنوان",
      text: "ربما تغيّر العنوان أو سقط منه حرف. تجد الرابط الصحيح في صفحة المتجر.",
    },
  },

  figures: {
    untilLobby: "حتى تُفتح الردهة",
    untilDraw: "حتى القرعة",
    untilOpen: "حتى يبدأ البيع",
    inDraw: (count) => f.count(count, counts.inDraw),
    inLine: (count) => f.count(count, counts.inLine),
    place: "مكانك في الطابور",
    ahead,
    toClaim: "لحجز قطعتك",
    toCheckOut: "متبقية للدفع",
    number: "رقمك",
    finalPlace: "مكانك الأخير",
    order: "رقم طلبك",
    bought: "قطعة مشتراة",
    units: (count) => f.count(count, counts.inSale),
  },

  ticket: (ticket) => `رقم ${f.number(ticket)}`,
  facts: {
    lobby: "فتح الردهة",
    draw: "القرعة",
    opens: "بدء البيع",
    unit: "قطعتك",
    price: "السعر",
  },
  progress: (tenths) => `قُطع ${f.number(tenths * 10)} بالمئة من الطريق.`,
  progressLabel: "الطريق إلى دورك",
  timeLabel: "الوقت المتبقي",

  headlines: {
    loading: "لحظة من فضلك…",
    scheduled: "يُفتح بعد",
    lobby: "الردهة مفتوحة.",
    lobbyJoined: "تم انضمامك.",
    drawing: "تجري القرعة على الترتيب…",
    drawn: "تحدّد مكانك في القرعة.",
    open: "البيع جارٍ.",
    openSoldOut: "بيعت كل القطع.",
    numbering: "تم انضمامك.",
    waiting: "أنت في الطابور.",
    next: "أنت التالي.",
    offered: "حان دورك.",
    held: (until) => `القطعة لك حتى ${until}`,
    missed: (at) => `فات دورك عند ${at}.`,
    purchased: "القطعة لك. شكرًا!",
    soldOut: "بيعت كل القطع",
    paused: "البيع متوقف مؤقتًا.",
    pausedSafe: "البيع متوقف مؤقتًا. مكانك محفوظ.",
    left: "غادرت الطابور.",
    released: "أعدت قطعتك.",
    cancelled: "أُلغي طلبك.",
    expired: (at) => `انتهى وقتك عند ${at}.`,
    closed: "انتهى البيع.",
  },

  lines: {
    beforeDraw: "تعال في أي وقت قبل القرعة: الحضور المبكر لا يمنح أي أفضلية.",
    lobby: (count) =>
      count > 0
        ? `${f.count(count, counts.inLobby)} الحضور المبكر لا يمنح أي أفضلية.`
        : "الحضور المبكر لا يمنح أي أفضلية.",
    drawing: "لكل من في الردهة الفرصة نفسها. يصلك رقمك خلال ثوانٍ.",
    drawingWatch: "من ينضم الآن يأتي بعد المشاركين في القرعة.",
    drawnIn: (left) => `تبدأ الأدوار بعد ${left}.`,
    drawnSoon: "تبدأ الأدوار في أي لحظة.",
    rush: "لا طابور في هذا البيع: ما دامت هناك قطع متاحة يمكنك الحصول على واحدة فورًا.",
    open: "انضم لتحصل على رقم بعد المنتظرين الآن.",
    openSoldOut: "إذا أُلغي طلب، تنتقل قطعته إلى التالي في الطابور. يمكنك انتظار ذلك.",
    numbering: "يصلك رقمك خلال ثوانٍ، ثم لا يتغير بعد ذلك.",
    estimate({ low, high, unit }) {
      if (unit === "minute" && high <= 1) return "بقي أقل من دقيقة.";
      const range = f.duration(Math.max(low, unit === "minute" ? 1 : 0.5), high, unit);
      return `الوقت المتوقع: ${range}.`;
    },
    slowing: {
      paused: "سيستغرق الأمر وقتًا أطول مما ذكرنا، لأن البيع توقف مؤقتًا.",
      stock: "سيستغرق الأمر وقتًا أطول مما ذكرنا، لأن القطع المتاحة قليلة الآن.",
      rate: "سيستغرق الأمر وقتًا أطول مما ذكرنا، لأن المتجر يُدخل الناس ببطء أكبر الآن.",
      slower: "سيستغرق الأمر وقتًا أطول مما ذكرنا، لأن الطابور صار أبطأ.",
    },
    noEstimate: "الطابور لا يتحرك الآن، لذلك لا يمكننا تقدير الوقت.",
    returned: "القطعة التالية التي تتاح هي لك.",
    odds(odds, quantity, before) {
      const total = units(quantity);
      switch (odds) {
        case "sure":
          if (before === 0) return "ستُعرض عليك قطعة.";
          return `${total}، و${ahead(before)}: ستُعرض عليك واحدة منها.`;
        case "likely":
          return `${total}، ونحو ${ahead(before)}: الحصول على قطعة مرجّح، لأن بعضهم يترك قطعته.`;
        case "possible":
          return `${total}، ونحو ${ahead(before)}: الحصول على قطعة ممكن إذا ترك كثيرون قطعهم.`;
        case "unlikely":
          return `${total}، ونحو ${ahead(before)}: الحصول على قطعة غير مرجّح، وتبقى في الطابور تحسبًا لما يعود.`;
      }
    },
    taking: (tenths) => `حتى الآن، أخذ القطعة المعروضة ${f.number(tenths)} من كل ${f.number(10)} على الأكثر.`,
    allTaken: "كل القطع مباعة أو محجوزة الآن. تتقدم فور عودة قطعة.",
    offered: (windowText) => `احجزها لتبقى لك مدة ${windowText} ريثما تدفع.`,
    offeredElse: "وإلا انتقلت إلى التالي في الطابور، ويمكنك العودة مرة واحدة.",
    held: "قطعتك محجوزة. ادفع في المتجر قبل انتهاء الوقت.",
    heldNoCheckout: "قطعتك محجوزة. عُد إلى المتجر وادفع قبل انتهاء الوقت.",
    heldSoon: "لم يبقَ الكثير: بعد ذلك تنتقل قطعتك إلى التالي في الطابور.",
    paying: "يجري تنفيذ دفعتك، لذلك لديك وقت إضافي قليل.",
    missedReturn: "انتقلت القطعة إلى التالي. يمكنك العودة مرة واحدة: القطعة التالية التي تتاح تكون لك.",
    missed: "انتقلت القطعة إلى التالي في الطابور.",
    purchased: "وصل طلبك إلى المتجر، وسيرسل إليك التأكيد.",
    soldOut: "نال الجميع أدوارهم بترتيب القرعة: لم يتخطّك أحد.",
    stay: (until) => `تبقى في الطابور حتى ${until}: قطعة الطلب الملغى تنتقل إلى التالي.`,
    paused: "الطابور متوقف، ولا أحد يتقدم عليك.",
    pausedWatch: "يمكنك الانضمام إلى الطابور في هذه الأثناء.",
    left: "تقدّم من كانوا خلفك.",
    released: "انتقلت إلى التالي في الطابور، وسيسعد بها.",
    cancelled: "انتقلت قطعته إلى التالي. إن لم يكن ذلك ما أردته، فيُرجى سؤال المتجر.",
    expired: "انتقلت القطعة إلى التالي في الطابور. إن كان قد تم دفع، فسيعيده المتجر.",
    joinAgain: "يمكنك الانضمام مرة أخرى في آخر الطابور.",
    closed: "نال الجميع أدوارهم بترتيب القرعة.",
    claimsGoOn: "البيع متوقف مؤقتًا، لكن دورك مستمر: يمكنك المتابعة.",
    minutes: (seconds) =>
      seconds < 120 ? f.span(seconds, "second") : f.span(Math.floor(seconds / 60), "minute"),
  },

  actions: {
    join: "الانضمام إلى الطابور",
    attempt: "الحصول على واحدة الآن",
    joinLobby: "دخول الردهة",
    joinAgain: "الانضمام مرة أخرى",
    joinForAnother: "الانضمام لقطعة أخرى",
    leave: "مغادرة الطابور",
    leaveLobby: "مغادرة الردهة",
    claim: "حجز قطعتي",
    letPass: "تركها للتالي",
    checkout: "الانتقال إلى الدفع",
    giveBack: "إعادتها",
    rejoin: "العودة",
    calendar: "إضافة إلى التقويم",
    notify: "أخبروني حين يحين دوري",
    told: "سنخبرك.",
    notifyReturns: "أخبروني إذا عادت قطع",
    sound: "صوت عند حلول دوري",
    checkDraw: "التحقق من القرعة",
    away: "هل ستغادر هذه الشاشة؟",
    byMail: "أبلغني بالبريد",
    otherDevice: "استخدام جهاز آخر",
  },
  acting: {
    join: "جارٍ الانضمام…",
    leave: "جارٍ المغادرة…",
    claim: "جارٍ الحجز…",
    release: "جارٍ إعادتها…",
    rejoin: "جارٍ العودة…",
  },

  refusal: (code) => refusals[code] ?? "لم ينجح ذلك، ولم يتغير شيء. يُرجى المحاولة مرة أخرى بعد لحظات.",

  spoken: {
    offered: (seconds) => f.count(seconds, counts.secondsToClaim),
    secondsLeft: (seconds) => f.count(seconds, counts.secondsLeft),
    minutesLeft: (minutes) => f.count(minutes, counts.minutesLeft),
  },
  tab: {
    offered: (left) => `(${left}) حان دورك!`,
    held: (left) => `(${left}) القطعة لك`,
    waiting: (position) => `${position} في الطابور`,
  },

  press: () => import("./ar-press.ts").then((file) => file.arPress),
  draw: () => import("./ar-draw.ts").then((file) => file.arDraw),
  away: () => import("./ar-away.ts").then((file) => file.arAway),
};
