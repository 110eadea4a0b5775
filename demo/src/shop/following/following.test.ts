import type { ReservationRead } from "@dropgate/contracts/reservation";
import { expect, test } from "vitest";
import type { Answered } from "../gateway.ts";
import { beginFollowing } from "./following.ts";

/** A reservation of which only the id and the number of the answer matter. */
const read = (id: string, nth: number): ReservationRead =>
  ({ reservation: { id, reason: String(nth) }, shipments: [] }) as unknown as ReservationRead;

function begin() {
  const clock = { ms: 0 };
  const gateway = { isAway: false, asked: 0 };
  const following = beginFollowing(
    {
      async read(id): Promise<Answered<ReservationRead>> {
        gateway.asked += 1;
        return gateway.isAway
          ? { ok: false, code: "NO_ANSWER" }
          : { ok: true, value: read(id, gateway.asked) };
      },
    },
    () => clock.ms,
  );
  return { clock, gateway, following };
}

test("many pages of one order are one question a second", async () => {
  const { clock, gateway, following } = begin();
  await Promise.all([following.look("a"), following.look("a"), following.look("a")]);
  await following.look("a");
  expect(gateway.asked).toBe(1);
  clock.ms = 1_000;
  expect(await following.look("a")).toEqual({ read: read("a", 2), isFresh: true });
  await following.look("b");
  expect(gateway.asked).toBe(3);
});

test("while the gateway is away, the last that it said is shown as such", async () => {
  const { clock, gateway, following } = begin();
  gateway.isAway = true;
  expect(await following.look("a")).toEqual({ read: null, isFresh: false });
  gateway.isAway = false;
  await following.look("a");
  clock.ms = 5_000;
  gateway.isAway = true;
  expect(await following.look("a")).toEqual({ read: read("a", 2), isFresh: false });
  gateway.isAway = false;
  expect(await following.look("a")).toEqual({ read: read("a", 4), isFresh: true });
});

test("after something was done it is asked anew at once, and is still known if nobody answers", async () => {
  const { gateway, following } = begin();
  await following.look("a");
  following.forget("a");
  gateway.isAway = true;
  expect(await following.look("a")).toEqual({ read: read("a", 1), isFresh: false });
  expect(gateway.asked).toBe(2);
});

test("an answer that was on its way when something was done is not kept", async () => {
  const answers: ((value: Answered<ReservationRead>) => void)[] = [];
  const following = beginFollowing({ read: () => new Promise((resolve) => answers.push(resolve)) }, () => 0);
  const before = following.look("a");
  following.forget("a");
  const after = following.look("a");
  answers[0]?.({ ok: true, value: read("a", 1) });
  expect(await before).toMatchObject({ read: read("a", 1) });
  void following.look("a");
  expect(answers).toHaveLength(2);
  answers[1]?.({ ok: true, value: read("a", 2) });
  expect(await after).toMatchObject({ read: read("a", 2) });
  following.forget("a");
  const third = following.look("a");
  answers[2]?.({ ok: true, value: read("a", 3) });
  await third;
  expect(await following.look("a")).toMatchObject({ read: read("a", 3) });

  const late = following.look("b");
  following.forget("b");
  answers[3]?.({ ok: true, value: read("b", 4) });
  await late;
  void following.look("b");
  expect(answers).toHaveLength(5);
});
