// A crowd of sockets as a process of its own: for rows that need more of them than one process may have open, and
// whose load must not share a core's time with the table's own bookkeeping.
import { type Answers, announce } from "../servers/announce.ts";
import { isEvent, SocketLine } from "./socket-line.ts";

export interface CrowdWanted {
  port: number;
  /** One socket each. */
  hellos: string[];
  greets: boolean;
  /** How many handshakes run at once. */
  atOnce: number;
  /** The event whose first frame says that a socket is in. */
  firstEvent: string;
  /** The event whose frames are counted. */
  countedEvent: string;
}

let lines: SocketLine[] = [];
let heard = 0;
let broken: string | null = null;

function open({ port, hellos, greets, atOnce, firstEvent, countedEvent }: CrowdWanted): Promise<number> {
  heard = 0;
  broken = null;
  return new Promise((resolve) => {
    let next = 0;
    let done = 0;
    let came = 0;
    const settle = (): void => {
      done++;
      if (next < hellos.length) begin();
      else if (done === hellos.length) resolve(came);
    };
    const begin = (): void => {
      const hello = hellos[next++];
      if (hello === undefined) return;
      let isIn = false;
      const line = new SocketLine({
        port,
        hello,
        greets,
        onFrame: (payload) => {
          if (isIn) {
            if (isEvent(payload, countedEvent)) heard++;
          } else if (isEvent(payload, firstEvent)) {
            isIn = true;
            came++;
            lines.push(line);
            settle();
          }
        },
        onEnd: (error) => {
          broken ??= error?.message ?? "ended";
          if (!isIn) settle();
        },
      });
    };
    for (let i = 0; i < Math.min(atOnce, hellos.length); i++) begin();
  });
}

const answers: Answers = {
  open: (wanted) => open(wanted as CrowdWanted),
  heard: () => ({ heard, broken, cpu: process.cpuUsage() }),
  close: async () => {
    for (const line of lines) line.cut();
    lines = [];
    // The servers see their peers go before anything else begins.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return null;
  },
};
announce({}, answers);
