// The Spanish words of being told by mail and of going on with another device; loaded with the press that asks for it.
import type { AwayTexts } from "./en-away.ts";

export const esAway: AwayTexts = {
  mail: {
    title: "Recibir un aviso por correo",
    text: "Te escribimos cuando sea tu turno, con un enlace que abre tu lugar en cualquier dispositivo. No usamos tu dirección para nada más y la borramos cuando termina la venta.",
    email: "Correo electrónico",
    send: "Avisarme",
    sending: "Un momento…",
    on: (to: string) => `Escribiremos a ${to} cuando sea tu turno.`,
    withdraw: "No me escribáis",
    withdrawn: "Hecho: tu dirección está borrada.",
  },
  device: {
    title: "Seguir en otro dispositivo",
    text: "Escanea el código con el otro dispositivo o abre allí el enlace. Sirve una sola vez, durante diez minutos. Tu lugar sigue también aquí.",
    making: "Creando el enlace…",
    code: "Código con el enlace",
    link: "Enlace",
    copy: "Copiar el enlace",
    copied: "Copiado.",
    over: "Los diez minutos de este enlace han pasado. Crea uno nuevo.",
    again: "Crear otro enlace",
  },
  arrival: {
    title: "¿Traer tu lugar aquí?",
    text: "Este enlace abre tu lugar de la cola en este dispositivo. Sirve una sola vez. En el dispositivo con el que te uniste no cambia nada.",
    take: "Seguir aquí",
    taking: "Abriendo tu lugar…",
  },
  close: "Cerrar",
  cancel: "Ahora no",
  refusals: {
    email: "No parece una dirección de correo. Revísala, por favor.",
    tooMany:
      "Esta dirección ya recibe avisos de todos los lugares que puede en esta venta. Usa otra, por favor.",
    over: "Tu lugar ha avanzado mientras tanto, así que no hay nada que avisar. La página muestra cómo vas.",
    off: "Ahora mismo aquí no se avisa por correo. Tu lugar está a salvo: deja esta página abierta.",
    away: "No ha funcionado ahora mismo. Tu lugar está a salvo; inténtalo de nuevo en un momento.",
    used: "Este enlace ya se usó: cada uno sirve una sola vez. Crea otro en el dispositivo con el que te uniste; tu lugar está a salvo.",
    expired:
      "Este enlace servía durante diez minutos. Crea otro en el dispositivo con el que te uniste; tu lugar está a salvo.",
    notFound:
      "Este enlace no está completo o es demasiado antiguo. Crea otro en el dispositivo con el que te uniste; tu lugar está a salvo.",
  },
};
