// Every word that a shopper reads, in Spanish.
import type { RefusalTexts, Texts } from "./en.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("es");

const counts = {
  units: { one: "{n} unidad", many: "{n} de unidades", other: "{n} unidades" },
  perPerson: {
    one: "una por persona",
    many: "hasta {n} por persona",
    other: "hasta {n} por persona",
  },
  inDraw: {
    one: "persona en el sorteo",
    many: "de personas en el sorteo",
    other: "personas en el sorteo",
  },
  inLine: { one: "persona en la fila", many: "de personas en la fila", other: "personas en la fila" },
  inSale: {
    one: "unidad en esta venta",
    many: "de unidades en esta venta",
    other: "unidades en esta venta",
  },
  inLobby: {
    one: "Hay {n} persona en la sala.",
    many: "Hay {n} de personas en la sala.",
    other: "Hay {n} personas en la sala.",
  },
  ahead: {
    one: "{n} persona delante de ti",
    many: "{n} de personas delante de ti",
    other: "{n} personas delante de ti",
  },
  secondsToClaim: {
    one: "Es tu turno. Tienes {n} segundo para quedarte con tu unidad.",
    many: "Es tu turno. Tienes {n} de segundos para quedarte con tu unidad.",
    other: "Es tu turno. Tienes {n} segundos para quedarte con tu unidad.",
  },
  secondsLeft: {
    one: "Queda {n} segundo.",
    many: "Quedan {n} de segundos.",
    other: "Quedan {n} segundos.",
  },
  minutesLeft: {
    one: "Queda {n} minuto para pagar.",
    many: "Quedan {n} de minutos para pagar.",
    other: "Quedan {n} minutos para pagar.",
  },
} satisfies CountsIn<"es">;

const units = (count: number) => f.count(count, counts.units);

const refusals: RefusalTexts = {
  AWAY: "Ahora mismo no logramos conectar con la tienda. Tu lugar está a salvo; vuelve a intentarlo en un momento.",
  BUSY: "Hay mucha gente ahora mismo. No se ha perdido nada; vuelve a intentarlo en un momento.",
  RATE_LIMITED: "Mucha gente se está uniendo ahora mismo. Vuelve a intentarlo en un momento.",
  SALE_NOT_OPEN: "La sala aún no está abierta. Esta página te avisará en cuanto se abra.",
  SALE_CLOSED: "La venta acaba de cerrar y ya nadie puede unirse.",
  SOLD_OUT: "Todas las unidades están vendidas o en cestas. Si alguna vuelve, puedes conseguirla.",
  ALREADY_PURCHASED: "Ya has comprado todas las que una persona puede comprar en esta venta.",
  IDENTITY_REQUIRED:
    "En esta venta cada cliente tiene un solo lugar. Inicia sesión en la tienda y vuelve desde su enlace.",
  REHEARSAL_ONLY:
    "Esto es un ensayo: solo participan compradores simulados. La venta de verdad tiene otra dirección.",
  CHALLENGE_REQUIRED:
    "Esta venta pide una comprobación más que esta página aún no puede hacer. Pregunta en la tienda.",
  HOLD_EXPIRED: "El tiempo de esta unidad se acabó y pasó a la siguiente persona de la fila.",
  WRONG_STATE: "Algo ha cambiado entretanto. Así está ahora tu lugar.",
  UNAUTHENTICATED:
    "Tu navegador no guardó nuestra cookie. Permite las cookies en esta página y vuelve a intentarlo.",
};

export const es: Texts = {
  language: "es",
  formats: f,
  counts,

  page: {
    title: (sale) => `${sale} – sala de espera`,
    terms: (quantity, limit) => `${units(quantity)} · ${f.count(limit, counts.perPerson)}`,
    reconnecting: "Reconectando…",
    reconnectingSafe: "Reconectando… tu lugar está a salvo",
    connected: "Conexión recuperada.",
    loading: "Un momento…",
    unknown: {
      title: "No hay ninguna venta en esta dirección",
      text: "Quizá tenga otra dirección, o se perdió una letra por el camino. La página de la tienda tiene el enlace correcto.",
    },
  },

  figures: {
    untilLobby: "hasta que se abra la sala",
    untilDraw: "hasta el sorteo",
    untilOpen: "hasta que empiece la venta",
    inDraw: (count) => f.count(count, counts.inDraw),
    inLine: (count) => f.count(count, counts.inLine),
    place: "tu lugar en la fila",
    ahead: (count) => (count === 0 ? "no hay nadie delante de ti" : f.count(count, counts.ahead)),
    toClaim: "para quedarte con tu unidad",
    toCheckOut: "para pagar",
    number: "tu número",
    finalPlace: "tu lugar final",
    order: "tu número de pedido",
    bought: "unidad comprada",
    units: (count) => f.count(count, counts.inSale),
  },

  ticket: (ticket) => `N.º ${f.number(ticket)}`,
  facts: {
    lobby: "Se abre la sala",
    draw: "El sorteo",
    opens: "Empieza la venta",
    unit: "Tu unidad",
    price: "Precio",
  },
  progress: (tenths) => `${f.number(tenths * 10)} por ciento del camino.`,
  progressLabel: "El camino hasta tu turno",
  timeLabel: "Tiempo restante",

  headlines: {
    loading: "Un momento…",
    scheduled: "Se abre en",
    lobby: "La sala está abierta.",
    lobbyJoined: "Ya estás dentro.",
    drawing: "Sorteando el orden…",
    drawn: "Tu lugar está sorteado.",
    open: "La venta está en marcha.",
    openSoldOut: "Todas las unidades están vendidas.",
    numbering: "Ya estás dentro.",
    waiting: "Estás en la fila.",
    next: "Eres la siguiente persona.",
    offered: "Es tu turno.",
    held: (until) => `Es tuya hasta las ${until}`,
    missed: (at) => `Tu turno pasó a las ${at}.`,
    purchased: "Es tuya. ¡Gracias!",
    soldOut: "Todas las unidades están vendidas",
    paused: "La venta está en pausa.",
    pausedSafe: "La venta está en pausa. Tu lugar está a salvo.",
    left: "Has salido de la fila.",
    released: "Has devuelto tu unidad.",
    cancelled: "Tu pedido se ha cancelado.",
    expired: (at) => `Tu tiempo se acabó a las ${at}.`,
    closed: "La venta ha terminado.",
  },

  lines: {
    beforeDraw: "Ven cuando quieras antes del sorteo: llegar antes no da ninguna ventaja.",
    lobby: (count) =>
      count > 0
        ? `${f.count(count, counts.inLobby)} Llegar antes no da ninguna ventaja.`
        : "Llegar antes no da ninguna ventaja.",
    drawing: "Todas las personas de la sala tienen la misma oportunidad. Tu número llega en unos segundos.",
    drawingWatch: "Quien se una ahora va detrás de quienes están en el sorteo.",
    drawnIn: (left) => `Los turnos empiezan en ${left}.`,
    drawnSoon: "Los turnos empiezan en cualquier momento.",
    rush: "En esta venta no hay fila: mientras queden unidades libres, puedes conseguir una al instante.",
    open: "Únete y recibirás un número detrás de quienes esperan ahora.",
    openSoldOut:
      "Si se cancela un pedido, su unidad pasa a la siguiente persona de la fila. Puedes esperar a que ocurra.",
    numbering: "Tu número llega en unos segundos. A partir de entonces no cambia.",
    estimate({ low, high, unit }) {
      if (unit === "minute" && high <= 1) return "Falta menos de un minuto.";
      const range = f.duration(Math.max(low, unit === "minute" ? 1 : 0.5), high, unit);
      return `Faltan unos ${range}.`;
    },
    slowing: {
      paused: "Tardará más de lo que dijimos, porque la venta estuvo en pausa.",
      stock: "Tardará más de lo que dijimos, porque ahora hay pocas unidades libres.",
      rate: "Tardará más de lo que dijimos, porque la tienda deja pasar a la gente más despacio.",
      slower: "Tardará más de lo que dijimos, porque la fila avanza más despacio.",
    },
    noEstimate: "La fila no avanza en este momento, así que no podemos decir cuánto tardará.",
    returned: "La próxima unidad libre es tuya.",
    odds(odds, quantity, ahead) {
      const total = units(quantity);
      const before = f.number(ahead);
      switch (odds) {
        case "sure":
          if (ahead === 0) return "Se te ofrecerá una unidad.";
          return `${total}, ${before} delante de ti: se te ofrecerá una de ellas.`;
        case "likely":
          return `${total}, unas ${before} personas delante de ti: es probable que haya una para ti, porque algunas dejan pasar la suya.`;
        case "possible":
          return `${total}, unas ${before} personas delante de ti: es posible que haya una para ti si muchas dejan pasar la suya.`;
        case "unlikely":
          return `${total}, unas ${before} personas delante de ti: es poco probable; sigues en la fila por si alguna vuelve.`;
      }
    },
    taking: (tenths) =>
      `Hasta ahora, como mucho ${f.number(tenths)} de cada ${f.number(10)} se quedaron con la unidad ofrecida.`,
    allTaken: "Ahora mismo todas las unidades están vendidas o en cestas. Avanzarás en cuanto vuelva alguna.",
    offered: (windowText) => `Quédatela y será tuya durante ${windowText} mientras pagas.`,
    offeredElse: "Si no, pasa a la siguiente persona de la fila, y puedes volver una vez.",
    held: "Tu unidad está apartada. Paga en la caja de la tienda antes de que acabe el tiempo.",
    heldNoCheckout: "Tu unidad está apartada. Vuelve a la tienda y paga antes de que acabe el tiempo.",
    heldSoon: "Falta poco: después, tu unidad pasa a la siguiente persona de la fila.",
    paying: "Tu pago está en curso, así que tienes un poco más de tiempo.",
    missedReturn:
      "La unidad pasó a la siguiente persona. Puedes volver una vez: la próxima unidad libre será tuya.",
    missed: "La unidad pasó a la siguiente persona de la fila.",
    purchased: "La tienda tiene tu pedido y te enviará la confirmación.",
    soldOut: "Se atendió a todo el mundo en el orden del sorteo: nadie te saltó.",
    stay: (until) =>
      `Sigues en la fila hasta las ${until}: la unidad de un pedido cancelado pasa a la siguiente persona.`,
    paused: "La fila está quieta y nadie te adelanta.",
    pausedWatch: "Mientras tanto puedes unirte a la fila.",
    left: "Quienes estaban detrás de ti han avanzado.",
    released: "Pasó a la siguiente persona de la fila, que se alegrará.",
    cancelled: "Su unidad pasó a la siguiente persona. Si no era lo que querías, pregunta en la tienda.",
    expired:
      "La unidad pasó a la siguiente persona de la fila. Si se hizo algún pago, la tienda lo devuelve.",
    joinAgain: "Puedes volver a unirte al final de la fila.",
    closed: "Se atendió a todo el mundo en el orden del sorteo.",
    claimsGoOn: "La venta está en pausa, pero tu turno no: puedes continuar.",
    minutes: (seconds) =>
      seconds < 120 ? f.span(seconds, "second") : f.span(Math.floor(seconds / 60), "minute"),
  },

  actions: {
    join: "Unirme a la fila",
    attempt: "Conseguir una ahora",
    joinLobby: "Entrar en la sala",
    joinAgain: "Unirme de nuevo",
    joinForAnother: "Unirme por otra más",
    leave: "Salir de la fila",
    leaveLobby: "Salir de la sala",
    claim: "Quedarme con mi unidad",
    letPass: "Dejarla pasar",
    checkout: "Ir a pagar",
    giveBack: "Devolverla",
    rejoin: "Volver",
    calendar: "Añadir al calendario",
    notify: "Avísame cuando sea mi turno",
    told: "Te avisaremos.",
    notifyReturns: "Avísame si vuelven unidades",
    sound: "Sonido en mi turno",
    checkDraw: "Comprobar el sorteo",
    away: "¿Te vas de esta pantalla?",
    byMail: "Avisarme por correo",
    otherDevice: "Usar otro dispositivo",
  },
  acting: {
    join: "Uniéndote…",
    leave: "Saliendo…",
    claim: "Apartando tu unidad…",
    release: "Devolviéndola…",
    rejoin: "Volviendo…",
  },

  refusal: (code) =>
    refusals[code] ?? "No ha funcionado, y nada ha cambiado. Vuelve a intentarlo en un momento.",

  spoken: {
    offered: (seconds) => f.count(seconds, counts.secondsToClaim),
    secondsLeft: (seconds) => f.count(seconds, counts.secondsLeft),
    minutesLeft: (minutes) => f.count(minutes, counts.minutesLeft),
  },
  tab: {
    offered: (left) => `(${left}) ¡Es tu turno!`,
    held: (left) => `(${left}) Es tuya`,
    waiting: (position) => `${position} en la fila`,
  },

  press: () => import("./es-press.ts").then((file) => file.esPress),
  draw: () => import("./es-draw.ts").then((file) => file.esDraw),
  away: () => import("./es-away.ts").then((file) => file.esAway),
};
