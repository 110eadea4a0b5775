// The Arabic words that only a press brings up: questions, the notification, the calendar.
import type { PressTexts } from "./en-press.ts";

export const arPress: PressTexts = {
  questions: {
    leave: {
      title: "هل تريد مغادرة الطابور؟",
      text: "ستفقد رقمك. إذا انضممت مرة أخرى فستحصل على رقم جديد في آخر الطابور.",
      yes: "مغادرة",
      no: "البقاء في الطابور",
    },
    giveBack: {
      title: "هل تريد إعادة قطعتك؟",
      text: "تنتقل فورًا إلى التالي. للحصول على أخرى عليك الانضمام من جديد في آخر الطابور.",
      yes: "إعادتها",
      no: "الاحتفاظ بها",
    },
    giveBackInRush: {
      title: "هل تريد إعادة قطعتك؟",
      text: "يمكن لغيرك الحصول عليها فورًا. وللحصول على أخرى عليك المحاولة ما دامت هناك قطع متاحة.",
      yes: "إعادتها",
      no: "الاحتفاظ بها",
    },
    letPass: {
      title: "هل تريد ترك هذه القطعة؟",
      text: "تنتقل فورًا إلى التالي. للحصول على أخرى عليك الانضمام من جديد في آخر الطابور.",
      yes: "تركها للتالي",
      no: "الاحتفاظ بدوري",
    },
  },
  notification: {
    offered: { title: "حان دورك", text: (sale) => `${sale}: احجز قطعتك الآن.` },
    back: { title: "عادت قطع", text: (sale) => `${sale}: عادت قطعة واحدة على الأقل.` },
  },
  calendar: { text: (address) => `ادخل الردهة قبل القرعة: ${address}` },
};
