// Operators' passwords: hashed by argon2id, a few at a time, so that a crowd of wrong ones takes neither the memory nor
// the threads of everybody else.
import { randomBytes, randomInt } from "node:crypto";
import { PASSWORD_HASHES_MAX, PASSWORD_QUEUE_MAX } from "@dropgate/contracts/limits";
import { normalPassword } from "@dropgate/contracts/password-rules";
import { hash, parseOptions, verify } from "@node-rs/argon2";

/** What a hash costs; the default of PASSWORD_COST is what OWASP asks for at least. */
export interface PasswordCost {
  memoryKiB: number;
  passes: number;
  lanes: number;
}

const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** Without what looks alike on a screen: an initial password is read off and typed. */
const INITIAL_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const INITIAL_GROUPS = 4;
const INITIAL_GROUP_CHARACTERS = 5;

/** A password for somebody who will choose another one: 99 random bits, in groups. */
export function initialPassword(): string {
  const letter = (): string => INITIAL_ALPHABET[randomInt(INITIAL_ALPHABET.length)] ?? "";
  const group = (): string => Array.from({ length: INITIAL_GROUP_CHARACTERS }, letter).join("");
  return Array.from({ length: INITIAL_GROUPS }, group).join("-");
}

export class Passwords {
  readonly #cost: PasswordCost;
  /** What a password is held against whose owner does not exist: it costs the same and fits nothing. */
  readonly #nobodys: string;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(cost: PasswordCost) {
    this.#cost = cost;
    const base64 = (bytes: number): string => randomBytes(bytes).toString("base64").replaceAll("=", "");
    const { memoryKiB, passes, lanes } = cost;
    this.#nobodys = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${base64(SALT_BYTES)}$${base64(HASH_BYTES)}`;
  }

  /** Passwords being hashed or waiting for it. */
  get waiting(): number {
    return this.#running + this.#queue.length;
  }

  /** Whether so many wait that another one should come later. */
  get full(): boolean {
    return this.#queue.length >= PASSWORD_QUEUE_MAX;
  }

  /** As a PHC string. */
  hash(password: string): Promise<string> {
    const { memoryKiB, passes, lanes } = this.#cost;
    const options = { memoryCost: memoryKiB, timeCost: passes, parallelism: lanes, outputLen: HASH_BYTES };
    return this.#inTurn(() => hash(normalPassword(password), options));
  }

  /** @param against null: nobody's; it takes as long and is never right */
  async verify(against: string | null, password: string): Promise<boolean> {
    const isRight = await this.#inTurn(() => verify(against ?? this.#nobodys, normalPassword(password)));
    return isRight && against !== null;
  }

  /** Whether a hash costs what one costs now. */
  isCurrent(phc: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(phc);
    const { memoryKiB, passes, lanes } = this.#cost;
    return memoryCost === memoryKiB && timeCost === passes && parallelism === lanes;
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= PASSWORD_HASHES_MAX) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      // Whoever is next takes over this very turn.
      const next = this.#queue.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
