// Where events leave: to one connection, or by topic to many, each delivery counted by its event.
import type { OperatorEvent, ServerEvent } from "@dropgate/contracts/realtime";
import type { WireFrame } from "../socket/backlog.ts";
import { encodeEvent } from "../socket/packet.ts";
import type { SocketServer } from "../socket/socket-server.ts";
import type { Telling } from "./telling.ts";
import type { Visitor, VisitorSocket } from "./visitor.ts";

export type SentEvent = ServerEvent | OperatorEvent;

export class Outlet {
  readonly #server: Pick<SocketServer<Visitor>, "publish" | "subscribers">;
  readonly #counted: (event: SentEvent, deliveries: number) => void;

  constructor(
    server: Pick<SocketServer<Visitor>, "publish" | "subscribers">,
    counted: (event: SentEvent, deliveries: number) => void,
  ) {
    this.#server = server;
    this.#counted = counted;
  }

  publish(topic: string, event: SentEvent, frame: () => WireFrame): void {
    const subscribers = this.#server.subscribers(topic);
    if (subscribers === 0) return;
    this.#counted(event, subscribers);
    this.#server.publish(topic, frame());
  }

  /** The newest state of a kind: a slow reader gets the last one only. */
  sendState(socket: VisitorSocket, event: SentEvent, frame: WireFrame): void {
    this.#counted(event, 1);
    socket.sendState(event, frame);
  }

  tell(socket: VisitorSocket, { name, payload }: Telling): void {
    const frame = encodeEvent(name, payload);
    this.#counted(name, 1);
    // An outcome is told once, so nothing may take its place; of one hold the newest counts, not of another.
    if (name === "outcome") socket.send(frame);
    else socket.sendState(name === "hold" ? `hold ${payload.hold.holdId}` : name, frame);
  }
}
