// The Spanish words that only the server writes into the page.
import type { ShellTexts } from "./en-shell.ts";
import { dateTimeUtc } from "./formats.ts";

export const esShell: ShellTexts = {
  languages: "Idioma",
  rehearsal: "Esto es un ensayo. Aquí solo hay compradores simulados y no se vende nada.",
  noScript:
    "Para unirse, esta página necesita JavaScript. Es pequeño y viene solo de este sitio; actívalo y vuelve a cargar la página.",
  how: {
    title: "Cómo funciona la fila",
    facts: [
      "Quien se une antes del sorteo tiene la misma oportunidad que los demás. Llegar un segundo antes o tener un teléfono rápido no sirve de nada.",
      "Tu número no cambia nunca, y nadie se pone delante de ti. Cuando es tu turno, se aparta una unidad para ti.",
      "Puedes cerrar esta página, volver a cargarla o abrirla dos veces. Este navegador guarda tu lugar.",
    ],
  },
  rush: {
    title: "Cómo funciona esta venta",
    facts: [
      "No hay fila ni sorteo: desde que empieza la venta, quien pide una mientras queden libres la consigue.",
      "La unidad que consigues queda apartada mientras pagas. Si no pagas, vuelve, y otra persona puede conseguirla.",
      "Puedes cerrar esta página, volver a cargarla o abrirla dos veces. Este navegador guarda tu unidad.",
    ],
  },
  draw: {
    title: "Comprobar el sorteo",
    text: "Antes de abrir la sala publicamos la huella de un número secreto. Junto con la lista de todas las personas que participan fija el orden del sorteo, así que ni nosotros ni la tienda pudimos elegir quién va primero. Cuando la venta ha cerrado se publica el secreto, y cualquiera puede volver a calcular todo el orden.",
    fingerprint: "Huella del secreto",
    proof: "La prueba",
    list: "La lista",
    here: "Comprobarlo aquí",
    how: "O guarda los dos archivos y ejecuta tú el verificador de código abierto:",
  },
  sentences: {
    scheduled: (at) => `La sala se abre el ${dateTimeUtc("es", at)}.`,
    lobby: (at) => `La sala está abierta. El orden se sortea el ${dateTimeUtc("es", at)}.`,
    drawing: "Se está sorteando el orden.",
    rush: (at) => `La venta empieza el ${dateTimeUtc("es", at)}.`,
    live: "La venta está en marcha.",
    paused: "La venta está en pausa. Todos los lugares están a salvo.",
    sold_out:
      "Todas las unidades están vendidas. La unidad de un pedido cancelado pasa a la siguiente persona.",
    closed: "La venta ha terminado.",
  },
};
