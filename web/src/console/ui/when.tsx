// A moment in a table or a sentence.
import { formats } from "./formats.ts";

export function When({ at }: { at: string | null }) {
  return at === null ? <>–</> : <time dateTime={at}>{formats.moment(at)}</time>;
}
