// A socket as a browser makes it.
export const openWebSocket = (address: string): WebSocket => new WebSocket(address);
