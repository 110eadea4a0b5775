// Which passwords an operator may choose, by NIST SP 800-63B: length is what counts, no mixture of letters and digits is
// asked for, and what every attacker tries first is refused. No schemas here, so that the page may say it while typing.

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 128;

/** Of those that are long enough to get past the minimum, the ones that lists of stolen passwords have most often. */
const COMMON: ReadonlySet<string> = new Set([
  "123456789012",
  "1234567890123",
  "12345678901234",
  "123456789012345",
  "1234567890123456",
  "1q2w3e4r5t6y",
  "1q2w3e4r5t6y7u8i",
  "1qaz2wsx3edc",
  "1qaz2wsx3edc4rfv",
  "adminadminadmin",
  "administrator",
  "administrator1",
  "changemechangeme",
  "correcthorsebatterystaple",
  "football1234",
  "iloveyou1234",
  "iloveyouforever",
  "letmein12345",
  "letmeinletmein",
  "liverpoolfc1",
  "passw0rd1234",
  "password1234",
  "password12345",
  "password123456",
  "password1234!",
  "passwordpassword",
  "princess1234",
  "q1w2e3r4t5y6",
  "qazwsxedcrfv",
  "qwerty123456",
  "qwerty12345678",
  "qwertyqwerty",
  "qwertyuiop12",
  "qwertyuiop123",
  "qwertyuiop[]",
  "qwertyuiopasdfgh",
  "sunshine1234",
  "superman1234",
  "trustno1trustno1",
  "welcome12345",
  "welcome123456",
  "zaq12wsxcde3",
]);

/** A unit of so few characters, said again and again, is no longer than itself. */
const REPEATED_UNIT_MAX = 4;
/** What is left of a password besides the person's own name, address or ours must still be something. */
const OWN_WORD_MIN = 4;

/**
 * The form in which passwords are compared and hashed: what looks and types alike on another keyboard is the same
 * (NFKC). Nothing is trimmed, nothing folded.
 */
export function normalPassword(text: string): string {
  return text.normalize("NFKC");
}

/** Whose password it is to be. */
export interface PasswordOwner {
  email: string;
  name: string;
}

/**
 * @param text as it was typed
 * @returns what is wrong with it, in a sentence for the person; null: it will do
 */
export function passwordFault(text: string, owner: PasswordOwner): string | null {
  const password = normalPassword(text);
  const characters = Array.from(password);
  if (characters.length < PASSWORD_CHARACTERS_MIN) {
    return `At least ${PASSWORD_CHARACTERS_MIN} characters; a few words make a good one.`;
  }
  if (characters.length > PASSWORD_CHARACTERS_MAX) return `At most ${PASSWORD_CHARACTERS_MAX} characters.`;
  const folded = password.toLowerCase();
  if (COMMON.has(folded)) return "It is one of the first that attackers try.";
  if (isRepetition(Array.from(folded)) || isRun(characters))
    return "It repeats itself, or only counts up or down.";
  if (isMostlyOwn(folded, owner)) return "It is little more than a name or address that is known.";
  return null;
}

function isRepetition(characters: readonly string[]): boolean {
  for (let unit = 1; unit <= REPEATED_UNIT_MAX; unit++) {
    if (characters.every((character, i) => character === characters[i % unit])) return true;
  }
  return false;
}

/** `abcdefghijkl`, `987654321098` with its wrap: each character is the next of the one before. */
function isRun(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  const follows = (step: number, direction: number): boolean => step === direction || step === -9 * direction;
  return [1, -1].some((direction) => steps.every((step) => follows(step, direction)));
}

/** Whether less is left of it than OWN_WORD_MIN, once words are taken out that anyone knows of this person. */
function isMostlyOwn(folded: string, { email, name }: PasswordOwner): boolean {
  const words = [email, ...email.split(/[@.+_-]/), name, ...name.split(/\s+/), "dropgate"]
    .map((word) => normalPassword(word).toLowerCase())
    .filter((word) => Array.from(word).length >= OWN_WORD_MIN)
    .toSorted((a, b) => b.length - a.length);
  const rest = words.reduce((left, word) => left.replaceAll(word, ""), folded);
  return rest !== folded && Array.from(rest.replaceAll(/[\d\p{P}\p{S}\s]/gu, "")).length < OWN_WORD_MIN;
}
