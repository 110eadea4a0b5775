// What is written down and answered in one breath is put into JSON once, and kept as that: of a thousand orders under
// way the texts are one piece each for the garbage collector to look at, their objects are dozens.

export class JsonText {
  readonly text: string;

  constructor(value: unknown) {
    this.text = JSON.stringify(value);
  }

  /** Within another value it is the value that it was made of. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** As JSON.stringify; of what is text already, that, without reading it again. */
export function jsonTextOf(value: unknown): string {
  return value instanceof JsonText ? value.text : JSON.stringify(value);
}
