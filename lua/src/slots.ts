// Which of a cluster's slots a key or shard channel lies in: CRC16 of its hash tag, as Redis Cluster's
// specification has it. Everything of a lane has one tag, so a call's first key speaks for all of them.

/** How many slots every cluster has. */
export const SLOTS = 16_384;

/** CRC16 (XMODEM) of each byte, so that a key costs one look a byte. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  return crc;
});

/** The slot of a key or channel, from 0 to SLOTS - 1. */
export function slotOf(key: string): number {
  const open = key.indexOf("{");
  const close = open === -1 ? -1 : key.indexOf("}", open + 1);
  // Only what stands between the first braces counts, and only if there is something.
  const tag = close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc % SLOTS;
}
