// The first word of a connection: which requests at the path may become sockets, and what the others are told,
// in Engine.IO's own error objects so that stock clients show the reason.

/** What Engine.IO answers to a request it does not take: status line and JSON body. */
export interface HandshakeRefusal {
  status: string;
  body: string;
}

const TRANSPORT_UNKNOWN = refusal("400 Bad Request", 0, "Transport unknown");
const SESSION_UNKNOWN = refusal("400 Bad Request", 1, "Session ID unknown");
const BAD_METHOD = refusal("400 Bad Request", 2, "Bad handshake method");
const BAD_REQUEST = refusal("400 Bad Request", 3, "Bad request");
const VERSION_UNSUPPORTED = refusal("400 Bad Request", 5, "Unsupported protocol version");

/** What stock clients ask with, almost always. */
const USUAL_QUERY = "EIO=4&transport=websocket";

/** Whether a query is the usual one, so that an upgrade needs no further look. */
export function isUsualQuery(query: string): boolean {
  return query === USUAL_QUERY;
}

/**
 * Decides on a request at the Engine.IO path.
 * @param method in lower case
 * @param isUpgrade whether it asks for a WebSocket
 * @param query reads one parameter; "" or undefined when absent
 * @returns undefined when it may be upgraded
 */
export function judgeHandshake(
  method: string,
  isUpgrade: boolean,
  query: (name: string) => string | undefined,
): HandshakeRefusal | undefined {
  if (query("transport") !== "websocket") return TRANSPORT_UNKNOWN;
  // A session id would continue a polling session, and there are none.
  if (query("sid")) return SESSION_UNKNOWN;
  if (method !== "get") return BAD_METHOD;
  if (query("EIO") !== "4") return VERSION_UNSUPPORTED;
  return isUpgrade ? undefined : BAD_REQUEST;
}

/** The body of a 403 that the host's own check gave. */
export const FORBIDDEN_BODY = JSON.stringify({ code: 4, message: "Forbidden" });

function refusal(status: string, code: number, message: string): HandshakeRefusal {
  return { status, body: JSON.stringify({ code, message }) };
}
