// What the element itself says: while its frame is not there, and of the frame to a screen reader.
export interface Words {
  /** Of the frame. */
  title: (sale: string | null) => string;
  loading: string;
  /** It can't be shown here. */
  failed: string;
  unknown: string;
  open: string;
}

const WORDS: Record<string, Words> = {
  en: {
    title: (sale) => (sale === null ? "Waiting room" : `Waiting room: ${sale}`),
    loading: "Opening the waiting room…",
    failed:
      "The waiting room can't be shown on this page. Your place is safe: open it in a window of its own.",
    unknown: "There is no such sale. It may be over, or the shop may have mistyped its name.",
    open: "Open the waiting room",
  },
  de: {
    title: (sale) => (sale === null ? "Warteraum" : `Warteraum: ${sale}`),
    loading: "Der Warteraum wird geöffnet …",
    failed:
      "Der Warteraum kann auf dieser Seite nicht angezeigt werden. Ihr Platz ist sicher: Öffnen Sie ihn in einem eigenen Fenster.",
    unknown: "Diesen Verkauf gibt es nicht. Er ist vielleicht vorbei, oder der Shop hat sich vertippt.",
    open: "Warteraum öffnen",
  },
  es: {
    title: (sale) => (sale === null ? "Sala de espera" : `Sala de espera: ${sale}`),
    loading: "Abriendo la sala de espera…",
    failed:
      "La sala de espera no se puede mostrar en esta página. Tu lugar está a salvo: ábrela en una ventana propia.",
    unknown: "Esta venta no existe. Puede que haya terminado o que la tienda haya escrito mal su nombre.",
    open: "Abrir la sala de espera",
  },
  ja: {
    title: (sale) => (sale === null ? "待合室" : `待合室：${sale}`),
    loading: "待合室を開いています…",
    failed: "このページには待合室を表示できません。順番は保たれています。別のウィンドウで開いてください。",
    unknown: "この販売は見つかりません。終了したか、ショップが名前を誤っている可能性があります。",
    open: "待合室を開く",
  },
  ar: {
    title: (sale) => (sale === null ? "غرفة الانتظار" : `غرفة الانتظار: ${sale}`),
    loading: "جارٍ فتح غرفة الانتظار…",
    failed: "لا يمكن عرض غرفة الانتظار في هذه الصفحة. مكانك محفوظ: افتحها في نافذة مستقلة.",
    unknown: "لا يوجد عرض بيع بهذا الاسم. ربما انتهى، أو كتب المتجر اسمه خطأً.",
    open: "فتح غرفة الانتظار",
  },
};

/** @param language a tag as pages have it ("de-AT"); what we don't speak is English */
export function wordsIn(language: string): Words {
  const [base = ""] = language.toLowerCase().split("-");
  return WORDS[base] ?? (WORDS["en"] as Words);
}
