// A stock client that writes down what it hears, held against the contract and against what must be so of every
// connection: the tests' side of a socket.

import type { Entry } from "@dropgate/contracts/entry";
import { OPERATOR_EVENTS, SERVER_EVENTS, type Serving } from "@dropgate/contracts/realtime";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { z } from "zod";
import type { Gateway } from "../start-gateway.ts";

const EVENTS = { ...SERVER_EVENTS, ...OPERATOR_EVENTS } as const;
type EventName = keyof typeof EVENTS;

export type Payload<Name extends EventName> = z.infer<(typeof EVENTS)[Name]>;

export interface Heard {
  event: EventName;
  payload: unknown;
}

const HEAR_MS_MAX = 20_000;

/** Thrown by `Ear.open` when the server says no. */
export class Refused extends Error {
  readonly data: Record<string, unknown> | undefined;
  constructor(error: Error & { data?: Record<string, unknown> }) {
    super(error.message);
    this.data = error.data;
  }
}

export class Ear {
  readonly client: Socket;
  /** Of the present connection, in order. */
  heard: Heard[] = [];
  /** What broke a rule. A test looks at it in the end: `expect(ear.faults).toEqual([])`. */
  readonly faults: string[] = [];
  #waiting = new Set<() => void>();

  private constructor(client: Socket) {
    this.client = client;
    client.on("connect", () => {
      this.heard = [];
    });
    for (const event of Object.keys(EVENTS) as EventName[]) {
      client.on(event, (payload: unknown) => this.#hear(event, payload));
    }
  }

  /** Connects. @throws Refused, or Error when the upgrade itself was refused */
  static async open(
    gateway: Pick<Gateway, "url">,
    auth: Record<string, string>,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<Ear> {
    const client = io(gateway.url, {
      transports: ["websocket"],
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      auth,
      ...options,
    });
    const ear = new Ear(client);
    await new Promise<void>((resolve, reject) => {
      client.once("connect", resolve);
      client.once("connect_error", (error) => {
        client.disconnect();
        reject("data" in error ? new Refused(error) : error);
      });
    });
    return ear;
  }

  names(): EventName[] {
    return this.heard.map(({ event }) => event);
  }

  of<Name extends EventName>(name: Name): Payload<Name>[] {
    return this.heard.flatMap(({ event, payload }) => (event === name ? [payload as Payload<Name>] : []));
  }

  last<Name extends EventName>(name: Name): Payload<Name> | undefined {
    return this.of(name).at(-1);
  }

  /** Waits until the newest of this event is such. */
  async until<Name extends EventName>(
    name: Name,
    isSuch: (payload: Payload<Name>) => boolean = () => true,
  ): Promise<Payload<Name>> {
    return this.level(`${name} ${isSuch.toString()}`, () => {
      const last = this.last(name);
      return last !== undefined && isSuch(last) ? last : undefined;
    });
  }

  /** Waits until it is so of what was heard. */
  level<Value>(what: string, look: () => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      const tell = (): void => {
        const value = look();
        if (value === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(tell);
        resolve(value);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(tell);
        reject(new Error(`not heard: ${what}; heard: ${JSON.stringify(this.heard.slice(-20))}`));
      }, HEAR_MS_MAX);
      this.#waiting.add(tell);
      tell();
    });
  }

  /** The acknowledgement of an event. */
  ask(name: string, ...payload: unknown[]): Promise<Record<string, unknown>> {
    return this.client.timeout(HEAR_MS_MAX).emitWithAck(name, ...payload) as Promise<Record<string, unknown>>;
  }

  close(): void {
    this.client.disconnect();
  }

  #hear(event: EventName, payload: unknown): void {
    const parsed = EVENTS[event].safeParse(payload);
    if (!parsed.success) this.faults.push(`${event} is not the contract's: ${parsed.error.message}`);
    this.#judge(event, payload);
    this.heard.push({ event, payload });
    for (const tell of this.#waiting) tell();
  }

  /** What must be so on each connection, whatever happens. */
  #judge(event: EventName, payload: unknown): void {
    const position = this.heard.length;
    if (position < 2 && event !== "reconnect" && event !== (["sale", "serving"] as const)[position]) {
      this.faults.push(`event ${position} of a connection is ${event}`);
    }
    if (event === "serving") {
      const before = this.last("serving")?.serving ?? 0;
      if ((payload as Serving).serving < before) this.faults.push("serving went back");
    }
    if (event === "entry") {
      const before = this.last("entry");
      const entry = payload as Entry;
      if (before !== undefined && entry.rev < before.rev) this.faults.push("a lower rev after a higher one");
      if (before?.ticket && entry.ticket !== before.ticket) this.faults.push("the ticket changed");
      if (JSON.stringify(before) === JSON.stringify(entry)) this.faults.push("the same entry twice");
    }
    if (event === "outcome" && this.last("outcome") !== undefined) this.faults.push("two outcomes");
    if (event === "offer" && this.last("entry")?.state !== "offered")
      this.faults.push("an offer without its entry");
  }
}
