// Stands in for engine.io-parser in the built page: the same calls, for text alone. The contract sends no binary, and
// without its reader the first load is smaller. Compared with the original in packets.test.ts.

const TYPES = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

export interface EnginePacket {
  type: string;
  data?: string | undefined;
}

export const protocol = 4;

export function encodePacket(
  packet: EnginePacket,
  _supportsBinary: boolean,
  give: (text: string) => void,
): void {
  give(TYPES.indexOf(packet.type) + (packet.data ?? ""));
}

export function decodePacket(text: unknown): EnginePacket {
  const type = typeof text === "string" ? TYPES[Number(text.charAt(0) || -1)] : undefined;
  if (type === undefined) return { type: "error", data: "parser error" };
  const data = (text as string).slice(1);
  return data === "" ? { type } : { type, data };
}
