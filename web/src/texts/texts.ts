// The language in use. There is one so far; the next is chosen here, and only its file is loaded.
import { en, type Texts } from "./en.ts";

export type { Texts } from "./en.ts";
export const texts: Texts = en;
