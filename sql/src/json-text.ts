// What is written down and answered in one breath is put into JSON once, and kept as that: of a thousand orders under
// way the texts are one piece each for the garbage collector to look at, their objects are dozens.

export class JsonText {
  readonly text: string;

  constructor(value: unknown) {
    this.text = JSON.stringify(value);
  }
}

/** As JSON.stringify; of what is text already, that. */
export function jsonTextOf(value: unknown): string {
  return value instanceof JsonText ? value.text : JSON.stringify(value);
}
