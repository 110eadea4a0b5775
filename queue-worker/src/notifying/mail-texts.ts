// What mails to shoppers say, in each language: what happened, what it means for them, what they can do.
import type { Language } from "@dropgate/contracts/languages";
import type { MailKind } from "@dropgate/contracts/notification";

export interface MailWords {
  subject: (title: string) => string;
  headline: string;
  /** @param time how long the offer lasts, in words */
  body: (title: string, time: string) => string;
  action: string;
}

export interface MailTexts {
  kinds: Record<MailKind, MailWords>;
  /** About the link. */
  link: string;
  /** Why they get it, and what becomes of the address. */
  why: string;
}

export const MAIL_TEXTS: Record<Language, MailTexts> = {
  en: {
    kinds: {
      turn: {
        subject: (title) => `It's your turn: ${title}`,
        headline: "It's your turn.",
        body: (title, time) =>
          `One unit of ${title} is set aside for you. Claim it within ${time}. After that it goes to the next in line.`,
        action: "Claim my unit",
      },
      returned: {
        subject: (title) => `Units are back: ${title}`,
        headline: "Units are back.",
        body: (title) =>
          `Units of ${title} have come back. They go to those in line, in their order. Your place is safe, and we write again when it's your turn.`,
        action: "See my place",
      },
    },
    link: "This link opens your place on any device. It works once, for ten minutes, so please keep it to yourself. On the device where you joined you can just open the page.",
    why: "You asked for this mail in the waiting room. We delete your address when the sale is over, or as soon as you take it back there.",
  },
  de: {
    kinds: {
      turn: {
        subject: (title) => `Sie sind dran: ${title}`,
        headline: "Sie sind dran.",
        body: (title, time) =>
          `Ein Stück von ${title} ist für Sie zurückgelegt. Nehmen Sie es innerhalb von ${time}. Danach bekommt es die nächste Person in der Schlange.`,
        action: "Mein Stück nehmen",
      },
      returned: {
        subject: (title) => `Es gibt wieder Stücke: ${title}`,
        headline: "Es gibt wieder Stücke.",
        body: (title) =>
          `Von ${title} sind Stücke zurückgekommen. Sie gehen der Reihe nach an die Wartenden. Ihr Platz ist sicher, und wir schreiben wieder, wenn Sie dran sind.`,
        action: "Meinen Platz ansehen",
      },
    },
    link: "Dieser Link öffnet Ihren Platz auf jedem Gerät. Er gilt einmal und zehn Minuten lang; bitte geben Sie ihn nicht weiter. Auf dem Gerät, mit dem Sie sich angestellt haben, können Sie einfach die Seite öffnen.",
    why: "Sie haben im Warteraum um diese E-Mail gebeten. Wir löschen Ihre Adresse, wenn der Verkauf vorbei ist, oder sobald Sie sie dort zurücknehmen.",
  },
  es: {
    kinds: {
      turn: {
        subject: (title) => `Es tu turno: ${title}`,
        headline: "Es tu turno.",
        body: (title, time) =>
          `Hay una unidad de ${title} reservada para ti. Acéptala en un plazo de ${time}. Después pasará a la siguiente persona de la cola.`,
        action: "Aceptar mi unidad",
      },
      returned: {
        subject: (title) => `Vuelve a haber unidades: ${title}`,
        headline: "Vuelve a haber unidades.",
        body: (title) =>
          `Han vuelto unidades de ${title}. Se ofrecen por orden a quienes están en la cola. Tu lugar está a salvo y te escribiremos de nuevo cuando sea tu turno.`,
        action: "Ver mi lugar",
      },
    },
    link: "Este enlace abre tu lugar en cualquier dispositivo. Sirve una sola vez, durante diez minutos; no lo compartas. En el dispositivo con el que te uniste, basta con abrir la página.",
    why: "Pediste este correo en la sala de espera. Borraremos tu dirección cuando termine la venta, o en cuanto la retires allí.",
  },
  ja: {
    kinds: {
      turn: {
        subject: (title) => `あなたの順番です:${title}`,
        headline: "あなたの順番です。",
        body: (title, time) =>
          `「${title}」を1点お取り置きしています。${time}以内にお受け取りください。それを過ぎると、次にお待ちの方に移ります。`,
        action: "受け取る",
      },
      returned: {
        subject: (title) => `在庫が戻りました:${title}`,
        headline: "在庫が戻りました。",
        body: (title) =>
          `「${title}」の在庫が戻りました。お待ちの方に順番にご案内します。あなたの順番はそのままです。順番が来たら、もう一度メールでお知らせします。`,
        action: "順番を見る",
      },
    },
    link: "このリンクを使うと、どの端末でもあなたの順番を開けます。使えるのは10分以内に1回だけです。ほかの人には渡さないでください。参加した端末では、ページを開くだけで大丈夫です。",
    why: "このメールは、待合室でのご希望によりお送りしています。メールアドレスは、販売の終了時、または待合室で取り消したときに削除します。",
  },
  ar: {
    kinds: {
      turn: {
        subject: (title) => `حان دورك: ${title}`,
        headline: "حان دورك.",
        body: (title, time) =>
          `حُجزت لك قطعة واحدة من ${title}. خذها خلال ${time}، وبعد ذلك تنتقل إلى التالي في الطابور.`,
        action: "أريد قطعتي",
      },
      returned: {
        subject: (title) => `عادت قطع متاحة: ${title}`,
        headline: "عادت قطع متاحة.",
        body: (title) =>
          `عادت قطع من ${title}. تُعرض على المنتظرين بحسب ترتيبهم. مكانك محفوظ، وسنكتب إليك مجددًا عندما يحين دورك.`,
        action: "عرض مكاني",
      },
    },
    link: "يفتح هذا الرابط مكانك على أي جهاز. يعمل مرة واحدة خلال عشر دقائق، فلا تشاركه مع أحد. وعلى الجهاز الذي انضممت منه يكفي أن تفتح الصفحة.",
    why: "طلبتَ هذه الرسالة في غرفة الانتظار. نحذف عنوانك عند انتهاء البيع، أو فور سحبك له هناك.",
  },
};
