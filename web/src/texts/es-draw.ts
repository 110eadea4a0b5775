// The Spanish words around a check of the draw.
import type { DrawTexts } from "./en-draw.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("es");
const counts = {
  more: { one: "y {n} más", many: "y {n} más", other: "y {n} más" },
  valid: {
    one: "Todo es correcto. Se ha vuelto a calcular {n} número aquí, en tu navegador.",
    many: "Todo es correcto. Se han vuelto a calcular {n} de números aquí, en tu navegador.",
    other: "Todo es correcto. Se han vuelto a calcular {n} números aquí, en tu navegador.",
  },
  open: {
    one: "Hasta aquí es correcto, para {n} número. El resto se podrá comprobar cuando la venta haya cerrado y se publique el secreto.",
    many: "Hasta aquí es correcto, para {n} de números. El resto se podrá comprobar cuando la venta haya cerrado y se publique el secreto.",
    other:
      "Hasta aquí es correcto, para {n} números. El resto se podrá comprobar cuando la venta haya cerrado y se publique el secreto.",
  },
} satisfies CountsIn<"es">;

export const esDraw: DrawTexts = {
  counts,
  progressLabel: "Comprobando el sorteo",
  reading: (checked, of) => `${f.number(checked)} de ${f.number(of)} números calculados de nuevo…`,
  stop: "Parar",
  stopped: "Has parado la comprobación antes de que terminara, así que no dice nada sobre la prueba.",
  again: "Comprobar otra vez",
  away: "Ahora mismo no se ha podido leer la prueba. Que sepamos, no hay nada mal en ella; vuelve a intentarlo.",
  verdicts: {
    valid: (entries) => f.count(entries, counts.valid),
    open: (entries) => f.count(entries, counts.open),
    invalid: "Esta prueba no es correcta. Abajo se marca lo que falla; enséñaselo a la tienda.",
  },
  marks: { passed: "correcto", failed: "incorrecto", later: "más tarde" },
  own: (claimed, recomputed) =>
    recomputed === null
      ? `Tu número en la lista: ${f.number(claimed)}.`
      : `Tu número en la lista: ${f.number(claimed)}. Calculado de nuevo: ${f.number(recomputed)}.`,
  notListed: "Tu entrada aún no está en ninguna de las listas publicadas.",
  more: (count) => f.count(count, counts.more),
  fingerprints: {
    commitment: "Huella del secreto",
    secret: "El secreto",
    digest: "Huella de tu lista",
    key: "De lo que resulta tu número",
  },
  checks: {
    file: {
      passed: "El archivo del sorteo está completo y dentro de sus límites.",
      failed: "El archivo del sorteo no se puede leer.",
    },
    algorithm: { passed: "El algoritmo es dropgate-draw-1.", failed: "El algoritmo es otro." },
    noted: {
      passed: "La huella es la que anotaste.",
      failed: "La huella no es la que anotaste.",
    },
    commitment: {
      passed: "El secreto es aquel cuya huella se publicó.",
      failed: "El secreto no es aquel cuya huella se publicó.",
      later: "El secreto se publica cuando cierra la venta.",
    },
    buckets: {
      passed: "Los números empiezan en 1 y siguen de lista en lista sin huecos.",
      failed: "Las listas no se siguen como deben.",
    },
    seeds: {
      passed: "El orden de cada lista resulta del secreto y de la huella de la propia lista.",
      failed: "El orden de una lista no resulta del secreto y de la huella de la propia lista.",
      later: "Si los órdenes resultan del secreto se podrá comprobar cuando la venta haya cerrado.",
    },
    lines: {
      passed: "Todas las líneas de la lista se pueden leer.",
      failed: "Hay líneas de la lista que no se pueden leer.",
    },
    membership: {
      passed: "Cada entrada está en una sola lista.",
      failed: "Una entrada se sorteó dos veces o está en una lista que no existe.",
    },
    counts: {
      passed: "Cada lista tiene tantas entradas como dice.",
      failed: "Una lista tiene más o menos entradas de las que dice.",
    },
    digests: {
      passed: "Cada lista es la que se selló antes del sorteo.",
      failed: "Una lista no es la que se selló antes del sorteo.",
    },
    tickets: {
      passed: "Cada número se entregó exactamente una vez.",
      failed: "Hay números que faltan, se repiten o no son de aquí.",
    },
    order: {
      passed: "Cada número es el que da el sorteo.",
      failed: "Hay números que no son los que da el sorteo.",
      later: "El orden se podrá comprobar cuando la venta haya cerrado.",
    },
  },
};
