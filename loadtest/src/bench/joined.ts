// A sale with people in it: joined over HTTP, as many at a time as a load has connections.
import type { Joined } from "@dropgate/contracts/entry";
import type { House } from "./house.ts";
import { HttpLoad } from "./load/http-load.ts";

/** Joins new shoppers. @returns what each was answered */
export async function joinMany(house: House, saleId: string, count: number): Promise<Joined[]> {
  const cookies = house.cookies(count);
  const joined: Joined[] = [];
  const load = await HttpLoad.open(house.port, 64);
  await load.run({
    secondsMax: 120,
    next: () => {
      const cookie = cookies.pop();
      return cookie === undefined
        ? null
        : `POST /api/v1/sales/${saleId}/entries HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\ncontent-length: 0\r\ncookie: ${cookie}\r\n\r\n`;
    },
    onAnswer: (status, answer) => {
      if (status !== 201) throw new Error(`a join was answered ${answer}`);
      joined.push(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as Joined);
    },
  });
  load.close();
  return joined;
}

/** The CONNECT packet with an entry's token. */
export function helloOf({ token }: Pick<Joined, "token">): string {
  return `40${JSON.stringify({ token })}`;
}
