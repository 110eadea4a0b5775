// Stands in for socket.io-parser in the built page: the same classes, for text packets alone (see engine-packets).
export const protocol = 5;

export const PacketType = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4 };

export interface SocketPacket {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
}

export class Encoder {
  encode({ type, nsp, id, data }: SocketPacket): [string] {
    const namespace = nsp && nsp !== "/" ? `${nsp},` : "";
    return [`${type}${namespace}${id ?? ""}${data == null ? "" : JSON.stringify(data)}`];
  }
}

/** Type, namespace, acknowledgement id, payload. */
const PACKET = /^([0-4])(?:(\/[^,]*),?)?(\d*)([^]*)$/;

type Listener = (packet: SocketPacket) => void;

export class Decoder {
  readonly #listeners = new Set<Listener>();

  /** The one event there is, `decoded`, for one packet each. */
  on(_event: "decoded", listener: Listener): void {
    this.#listeners.add(listener);
  }

  off(_event: "decoded", listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** Throws for what is no text packet; the manager then closes the connection, as it does with the original. */
  add(text: unknown): void {
    const match = typeof text === "string" ? PACKET.exec(text) : null;
    if (match === null) throw new Error("not a text packet");
    const [, type, nsp = "/", id, json] = match;
    const packet: SocketPacket = { type: Number(type), nsp };
    if (id) packet.id = Number(id);
    if (json) packet.data = JSON.parse(json);
    if (!isPacketValid(packet)) throw new Error("invalid payload");
    for (const listener of this.#listeners) listener(packet);
  }

  destroy(): void {
    // Nothing is kept between packets.
  }
}

function isPacketValid({ type, data }: SocketPacket): boolean {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  switch (type) {
    case PacketType.CONNECT:
      return data === undefined || isObject;
    case PacketType.DISCONNECT:
      return data === undefined;
    case PacketType.CONNECT_ERROR:
      return isObject || typeof data === "string";
    case PacketType.ACK:
      return Array.isArray(data);
    default:
      return Array.isArray(data) && typeof data[0] === "string";
  }
}
