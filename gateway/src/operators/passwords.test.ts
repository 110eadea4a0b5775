// Hashing: what it makes, that nobody's password costs as much as somebody's, and that few are hashed at once.
import { PASSWORD_HASHES_MAX, PASSWORD_QUEUE_MAX } from "@dropgate/contracts/limits";
import { passwordFault } from "@dropgate/contracts/password-rules";
import { readSettings } from "@dropgate/contracts/settings";
import { describe, expect, it } from "vitest";
import { initialPassword, Passwords } from "./passwords.ts";

const cheap = new Passwords({ memoryKiB: 64, passes: 1, lanes: 1 });

describe("a password", () => {
  it("is hashed by argon2id at what OWASP asks for, unless a setting says otherwise", async () => {
    const read = readSettings({
      REDIS_URL: "redis://x",
      DATABASE_URL: "postgres://x",
      DROPGATE_SECRET: "x".repeat(32),
    });
    if (!read.ok) throw new Error(read.sentences.join());
    const passwords = new Passwords(read.settings.PASSWORD_COST);
    const hash = await passwords.hash("seven grey herons");
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hash, "seven grey herons")).toBe(true);
    expect(await passwords.verify(hash, "Seven grey herons")).toBe(false);
    expect([passwords.isCurrent(hash), cheap.isCurrent(hash)]).toEqual([true, false]);
  });

  it("of nobody is never right, and takes as long to find out as somebody's", async () => {
    const passwords = new Passwords({ memoryKiB: 65_536, passes: 3, lanes: 1 });
    const hash = await passwords.hash("seven grey herons");
    // The work and not the time: a busy machine makes whichever it meets slower.
    const workOf = async (against: string | null): Promise<number> => {
      const before = process.cpuUsage();
      expect(await passwords.verify(against, "another password")).toBe(false);
      return process.cpuUsage(before).user;
    };
    const [somebodys, nobodys]: [number[], number[]] = [[], []];
    for (let i = 0; i < 5; i++) {
      somebodys.push(await workOf(hash));
      nobodys.push(await workOf(null));
    }
    // The least of each: what else this process does meanwhile is left out.
    const ratio = Math.min(...nobodys) / Math.min(...somebodys);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it("waits for its turn behind a few others, and is turned away where too many wait", async () => {
    const hash = await cheap.hash("seven grey herons");
    const all = Array.from({ length: PASSWORD_HASHES_MAX + PASSWORD_QUEUE_MAX }, (_, i) =>
      cheap.verify(hash, i % 2 === 0 ? "seven grey herons" : "another"),
    );
    expect([cheap.waiting, cheap.full]).toEqual([all.length, true]);
    const right = await Promise.all(all);
    expect(right).toEqual(all.map((_, i) => i % 2 === 0));
    expect([cheap.waiting, cheap.full]).toEqual([0, false]);
  });

  it("that cannot be read lets the next have its turn", async () => {
    await Promise.allSettled(Array.from({ length: 8 }, () => cheap.verify("no hash", "x")));
    expect(cheap.waiting).toBe(0);
  });
});

it("initial passwords are long, told apart by eye, and no two alike", () => {
  const made = Array.from({ length: 1_000 }, initialPassword);
  expect(new Set(made).size).toBe(made.length);
  for (const password of made) {
    expect(password).toMatch(/^[a-hj-km-np-z2-9-]{23}$/);
    expect(passwordFault(password, { email: "a@b.example", name: "A" })).toBeNull();
  }
});
