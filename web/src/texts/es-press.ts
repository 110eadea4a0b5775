// The Spanish words that only a press brings up: questions, the notification, the calendar.
import type { PressTexts } from "./en-press.ts";

export const esPress: PressTexts = {
  questions: {
    leave: {
      title: "¿Salir de la fila?",
      text: "Perderás tu número. Si vuelves a unirte, recibirás uno nuevo al final de la fila.",
      yes: "Salir",
      no: "Seguir en la fila",
    },
    giveBack: {
      title: "¿Devolver tu unidad?",
      text: "Pasa enseguida a la siguiente persona. Para conseguir otra tendrías que unirte de nuevo al final de la fila.",
      yes: "Devolverla",
      no: "Conservarla",
    },
    giveBackInRush: {
      title: "¿Devolver tu unidad?",
      text: "Otra persona puede conseguirla enseguida. Para tener otra tendrías que volver a intentarlo mientras queden libres.",
      yes: "Devolverla",
      no: "Conservarla",
    },
    letPass: {
      title: "¿Dejar pasar esta unidad?",
      text: "Pasa enseguida a la siguiente persona. Para conseguir otra tendrías que unirte de nuevo al final de la fila.",
      yes: "Dejarla pasar",
      no: "Conservar mi turno",
    },
  },
  notification: {
    offered: { title: "Es tu turno", text: (sale) => `${sale}: quédate ahora con tu unidad.` },
    back: { title: "Vuelve a haber unidades", text: (sale) => `${sale}: ha vuelto una unidad.` },
  },
  calendar: { text: (address) => `Entra en la sala antes del sorteo: ${address}` },
};
