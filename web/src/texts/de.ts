// Every word that a shopper reads, in German.
import type { RefusalTexts, Texts } from "./en.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("de");

const counts = {
  units: { one: "{n} Stück", other: "{n} Stück" },
  perPerson: { one: "eines pro Person", other: "bis zu {n} pro Person" },
  inDraw: { one: "Person in der Auslosung", other: "Personen in der Auslosung" },
  inLine: { one: "Person in der Schlange", other: "Personen in der Schlange" },
  inSale: { one: "Stück in diesem Verkauf", other: "Stück in diesem Verkauf" },
  inLobby: { one: "{n} Person ist in der Lobby.", other: "{n} Personen sind in der Lobby." },
  ahead: { one: "{n} Person vor Ihnen", other: "{n} Personen vor Ihnen" },
  secondsToClaim: {
    one: "Sie sind dran. Sie haben {n} Sekunde, um Ihr Stück zu nehmen.",
    other: "Sie sind dran. Sie haben {n} Sekunden, um Ihr Stück zu nehmen.",
  },
  secondsLeft: { one: "Noch {n} Sekunde.", other: "Noch {n} Sekunden." },
  minutesLeft: { one: "Noch {n} Minute bis zum Bezahlen.", other: "Noch {n} Minuten bis zum Bezahlen." },
} satisfies CountsIn<"de">;

const units = (count: number) => f.count(count, counts.units);

const refusals: RefusalTexts = {
  AWAY: "Wir erreichen den Shop gerade nicht. Ihr Platz ist sicher; bitte versuchen Sie es gleich noch einmal.",
  BUSY: "Gerade ist sehr viel los. Nichts ging verloren; bitte versuchen Sie es gleich noch einmal.",
  RATE_LIMITED: "Gerade stellen sich sehr viele an. Bitte versuchen Sie es gleich noch einmal.",
  SALE_NOT_OPEN: "Die Lobby ist noch nicht offen. Diese Seite sagt es Ihnen, sobald sie öffnet.",
  SALE_CLOSED: "Der Verkauf ist eben zu Ende gegangen; anstellen kann sich niemand mehr.",
  SOLD_OUT:
    "Gerade sind alle Stücke verkauft oder in Warenkörben. Kommt eines zurück, können Sie es bekommen.",
  ALREADY_PURCHASED: "Sie haben schon so viele gekauft, wie in diesem Verkauf eine Person darf.",
  IDENTITY_REQUIRED:
    "In diesem Verkauf hat jede Kundin und jeder Kunde einen Platz. Melden Sie sich im Shop an und kommen Sie über seinen Link zurück.",
  REHEARSAL_ONLY:
    "Dies ist eine Probe: Nur simulierte Kundinnen und Kunden nehmen teil. Der Verkauf selbst hat eine andere Adresse.",
  CHALLENGE_REQUIRED:
    "Dieser Verkauf verlangt eine weitere Prüfung, die diese Seite noch nicht kann. Bitte fragen Sie im Shop nach.",
  HOLD_EXPIRED: "Die Zeit für dieses Stück war um; es ging an die nächste Person in der Schlange.",
  WRONG_STATE: "Inzwischen hat sich etwas geändert. So steht es jetzt um Ihren Platz.",
  UNAUTHENTICATED:
    "Ihr Browser hat unser Cookie nicht behalten. Bitte erlauben Sie Cookies für diese Seite und versuchen Sie es noch einmal.",
};

export const de: Texts = {
  language: "de",
  formats: f,
  counts,

  page: {
    title: (sale) => `${sale} – Warteraum`,
    terms: (quantity, limit) => `${units(quantity)} · ${f.count(limit, counts.perPerson)}`,
    reconnecting: "Verbindung wird gesucht…",
    reconnectingSafe: "Verbindung wird gesucht… Ihr Platz ist sicher",
    connected: "Wieder verbunden.",
    loading: "Einen Moment…",
    unknown: {
      title: "Unter dieser Adresse gibt es keinen Verkauf",
      text: "Vielleicht hat er eine neue Adresse, oder unterwegs ging ein Buchstabe verloren. Die Seite des Shops hat den richtigen Link.",
    },
  },

  figures: {
    untilLobby: "bis die Lobby öffnet",
    untilDraw: "bis zur Auslosung",
    untilOpen: "bis der Verkauf beginnt",
    inDraw: (count) => f.count(count, counts.inDraw),
    inLine: (count) => f.count(count, counts.inLine),
    place: "Ihr Platz in der Schlange",
    ahead: (count) => (count === 0 ? "niemand ist vor Ihnen" : f.count(count, counts.ahead)),
    toClaim: "um Ihr Stück zu nehmen",
    toCheckOut: "bis zum Bezahlen",
    number: "Ihre Nummer",
    finalPlace: "Ihr letzter Platz",
    order: "Ihre Bestellnummer",
    bought: "Stück gekauft",
    units: (count) => f.count(count, counts.inSale),
  },

  ticket: (ticket) => `Nr. ${f.number(ticket)}`,
  facts: {
    lobby: "Lobby öffnet",
    draw: "Auslosung",
    opens: "Verkauf beginnt",
    unit: "Ihr Stück",
    price: "Preis",
  },
  progress: (tenths) => `${f.number(tenths * 10)} Prozent des Weges.`,
  progressLabel: "Der Weg bis zu Ihnen",
  timeLabel: "Verbleibende Zeit",

  headlines: {
    loading: "Einen Moment…",
    scheduled: "Öffnet in",
    lobby: "Die Lobby ist offen.",
    lobbyJoined: "Sie sind dabei.",
    drawing: "Die Reihenfolge wird ausgelost…",
    drawn: "Ihr Platz ist ausgelost.",
    open: "Der Verkauf läuft.",
    openSoldOut: "Alle Stücke sind verkauft.",
    numbering: "Sie sind dabei.",
    waiting: "Sie stehen in der Schlange.",
    next: "Sie sind als Nächstes dran.",
    offered: "Sie sind dran.",
    held: (until) => `Ihres bis ${until}`,
    missed: (at) => `Um ${at} waren Sie dran.`,
    purchased: "Es gehört Ihnen. Danke!",
    soldOut: "Alle Stücke sind verkauft",
    paused: "Der Verkauf pausiert.",
    pausedSafe: "Der Verkauf pausiert. Ihr Platz ist sicher.",
    left: "Sie haben die Schlange verlassen.",
    released: "Sie haben Ihr Stück zurückgegeben.",
    cancelled: "Ihre Bestellung wurde storniert.",
    expired: (at) => `Ihre Zeit war um ${at} um.`,
    closed: "Der Verkauf ist zu Ende.",
  },

  lines: {
    beforeDraw: "Kommen Sie irgendwann vor der Auslosung: Früher da zu sein, bringt keinen Vorteil.",
    lobby: (count) =>
      count > 0
        ? `${f.count(count, counts.inLobby)} Früher da zu sein, bringt keinen Vorteil.`
        : "Früher da zu sein, bringt keinen Vorteil.",
    drawing: "Alle in der Lobby haben die gleiche Chance. Ihre Nummer kommt in wenigen Sekunden.",
    drawingWatch: "Wer jetzt dazukommt, steht hinter denen in der Auslosung.",
    drawnIn: (left) => `Es geht los in ${left}.`,
    drawnSoon: "Es geht jeden Moment los.",
    rush: "In diesem Verkauf gibt es keine Schlange: Solange etwas frei ist, können Sie sofort eines bekommen.",
    open: "Stellen Sie sich an, und Sie bekommen eine Nummer nach denen, die jetzt warten.",
    openSoldOut:
      "Wird eine Bestellung storniert, geht ihr Stück an die nächste Person in der Schlange. Darauf können Sie warten.",
    numbering: "Ihre Nummer kommt in wenigen Sekunden. Danach bleibt sie, wie sie ist.",
    estimate({ low, high, unit }) {
      if (unit === "minute" && high <= 1) return "Noch weniger als eine Minute.";
      const range = f.duration(Math.max(low, unit === "minute" ? 1 : 0.5), high, unit);
      return `Voraussichtlich noch ${range}`;
    },
    slowing: {
      paused: "Es dauert länger als gesagt, weil der Verkauf pausiert war.",
      stock: "Es dauert länger als gesagt, weil gerade wenige Stücke frei sind.",
      rate: "Es dauert länger als gesagt, weil der Shop die Leute jetzt langsamer einlässt.",
      slower: "Es dauert länger als gesagt, weil die Schlange langsamer geworden ist.",
    },
    noEstimate: "Die Schlange steht gerade; wie lange es dauert, können wir nicht sagen.",
    returned: "Das nächste freie Stück ist Ihres.",
    odds(odds, quantity, ahead) {
      const total = units(quantity);
      const before = f.number(ahead);
      switch (odds) {
        case "sure":
          if (ahead === 0) return "Ein Stück wird Ihnen angeboten.";
          return `${total}, ${before} vor Ihnen: Eines davon wird Ihnen angeboten.`;
        case "likely":
          return `${total}, etwa ${before} vor Ihnen: Ein Stück ist wahrscheinlich, weil manche ihres nicht nehmen.`;
        case "possible":
          return `${total}, etwa ${before} vor Ihnen: Ein Stück ist möglich, wenn viele ihres nicht nehmen.`;
        case "unlikely":
          return `${total}, etwa ${before} vor Ihnen: Ein Stück ist unwahrscheinlich; Sie bleiben für Rückgaben in der Schlange.`;
      }
    },
    taking: (tenths) =>
      `Bisher nahmen höchstens ${f.number(tenths)} von ${f.number(10)} das Stück, das ihnen angeboten wurde.`,
    allTaken:
      "Gerade sind alle Stücke verkauft oder in Warenkörben. Sobald eines zurückkommt, rücken Sie auf.",
    offered: (windowText) => `Nehmen Sie es, und es gehört ${windowText} lang Ihnen, während Sie bezahlen.`,
    offeredElse: "Sonst geht es an die nächste Person, und Sie können einmal zurückkommen.",
    held: "Ihr Stück ist zurückgelegt. Bezahlen Sie an der Kasse des Shops, bevor die Zeit um ist.",
    heldNoCheckout:
      "Ihr Stück ist zurückgelegt. Gehen Sie zurück in den Shop und bezahlen Sie, bevor die Zeit um ist.",
    heldSoon: "Nicht mehr lange: Danach geht Ihr Stück an die nächste Person in der Schlange.",
    paying: "Ihre Zahlung läuft, darum haben Sie etwas mehr Zeit.",
    missedReturn:
      "Das Stück ging an die nächste Person. Sie können einmal zurückkommen: Das nächste freie Stück ist dann Ihres.",
    missed: "Das Stück ging an die nächste Person in der Schlange.",
    purchased: "Der Shop hat Ihre Bestellung und schickt Ihnen die Bestätigung.",
    soldOut: "Alle kamen in der Reihenfolge der Auslosung dran: Sie wurden nie übergangen.",
    stay: (until) =>
      `Sie bleiben bis ${until} in der Schlange: Das Stück einer stornierten Bestellung geht an die nächste Person.`,
    paused: "Die Schlange steht still, und niemand zieht an Ihnen vorbei.",
    pausedWatch: "Anstellen können Sie sich trotzdem.",
    left: "Wer hinter Ihnen stand, ist aufgerückt.",
    released: "Es ging an die nächste Person in der Schlange, die sich freuen wird.",
    cancelled:
      "Das Stück ging an die nächste Person. Wenn Sie das nicht wollten, fragen Sie bitte im Shop nach.",
    expired:
      "Das Stück ging an die nächste Person in der Schlange. Falls schon bezahlt wurde, gibt der Shop das Geld zurück.",
    joinAgain: "Sie können sich am Ende der Schlange wieder anstellen.",
    closed: "Alle kamen in der Reihenfolge der Auslosung dran.",
    claimsGoOn: "Der Verkauf pausiert, aber Ihre Zeit läuft: Sie können weitermachen.",
    minutes: (seconds) =>
      seconds < 120 ? f.span(seconds, "second") : f.span(Math.floor(seconds / 60), "minute"),
  },

  actions: {
    join: "Anstellen",
    attempt: "Jetzt eines holen",
    joinLobby: "In die Lobby gehen",
    joinAgain: "Wieder anstellen",
    joinForAnother: "Für ein weiteres anstellen",
    leave: "Schlange verlassen",
    leaveLobby: "Lobby verlassen",
    claim: "Mein Stück nehmen",
    letPass: "Nicht nehmen",
    checkout: "Zur Kasse",
    giveBack: "Zurückgeben",
    rejoin: "Zurückkommen",
    calendar: "In den Kalender",
    notify: "Bescheid geben, wenn ich dran bin",
    told: "Wir geben Ihnen Bescheid.",
    notifyReturns: "Bescheid geben, wenn etwas zurückkommt",
    sound: "Ton, wenn ich dran bin",
    checkDraw: "Auslosung prüfen",
    away: "Gehen Sie weg?",
    byMail: "Per E-Mail Bescheid geben",
    otherDevice: "Anderes Gerät nutzen",
  },
  acting: {
    join: "Sie werden angestellt…",
    leave: "Die Schlange wird verlassen…",
    claim: "Ihr Stück wird genommen…",
    release: "Ihr Stück wird zurückgegeben…",
    rejoin: "Sie kommen zurück…",
  },

  refusal: (code) =>
    refusals[code] ??
    "Das hat nicht geklappt, und nichts hat sich geändert. Bitte versuchen Sie es gleich noch einmal.",

  spoken: {
    offered: (seconds) => f.count(seconds, counts.secondsToClaim),
    secondsLeft: (seconds) => f.count(seconds, counts.secondsLeft),
    minutesLeft: (minutes) => f.count(minutes, counts.minutesLeft),
  },
  tab: {
    offered: (left) => `(${left}) Sie sind dran!`,
    held: (left) => `(${left}) Ihres`,
    waiting: (position) => `${position} in der Schlange`,
  },

  press: () => import("./de-press.ts").then((file) => file.dePress),
  draw: () => import("./de-draw.ts").then((file) => file.deDraw),
  away: () => import("./de-away.ts").then((file) => file.deAway),
};
