// A request's line and headers, read in one pass before µWebSockets forgets them, and the rules that no
// two servers in a row may read differently: who repeats a length or a host, or sends both lengths, wants
// to smuggle a second request behind the first.

import type { HttpRequest } from "uWebSockets.js";
import { HEADER_BYTES_MAX } from "@dropgate/contracts/limits";
import { REHEARSAL_HEADER } from "@dropgate/contracts/rehearsal-behaviour";

export interface Head {
  /** Upper case. */
  method: string;
  path: string;
  query: string;
  host: string;
  authorization: string;
  cookie: string;
  contentType: string;
  /** Bytes; null when none was said. */
  contentLength: number | null;
  chunked: boolean;
  origin: string;
  forwardedFor: string;
  accept: string;
  acceptEncoding: string;
  ifNoneMatch: string;
  idempotencyKey: string | null;
  /** A warehouse's, of the body. */
  signature: string;
  wantedMethod: string;
  /** Of a call by an operator's cookie. */
  csrfToken: string;
  /** What the browser says of the page that calls; empty where it is none, or an old one. */
  fetchSite: string;
  /** What a rehearsal's simulated shoppers show. */
  rehearsalPass: string;
  /** Of a header that must not be repeated and was; the request is refused with its name. */
  repeated: string | null;
}

/**
 * `cut`: the connection ends without an answer, for an answer would still let what is smuggled behind the
 * request run. `tooLarge`: the headers are over HEADER_BYTES_MAX.
 */
export type HeadVerdict = Head | "cut" | "tooLarge";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const DIGITS = /^\d{1,15}$/;

/** Reads the head; synchronous, because µWebSockets' request lives no longer than its callback. */
export function readHead(request: HttpRequest): HeadVerdict {
  return judgeHead(
    request.getCaseSensitiveMethod(),
    request.getUrl(),
    // Undefined where the address has no question mark, whatever the types say.
    request.getQuery() ?? "",
    (each) => request.forEach(each),
  );
}

/** A head without headers. */
export function headOf(method: string, path: string, query: string): Head {
  return {
    method,
    path,
    query,
    host: "",
    authorization: "",
    cookie: "",
    contentType: "",
    contentLength: null,
    chunked: false,
    origin: "",
    forwardedFor: "",
    accept: "",
    acceptEncoding: "",
    ifNoneMatch: "",
    idempotencyKey: null,
    signature: "",
    wantedMethod: "",
    csrfToken: "",
    fetchSite: "",
    rehearsalPass: "",
    repeated: null,
  };
}

/** Judges plain values. */
export function judgeHead(
  method: string,
  path: string,
  query: string,
  forEach: (each: (name: string, value: string) => void) => void,
): HeadVerdict {
  const head = headOf(method, path, query);
  let bytes = method.length + path.length + query.length;
  let lengths = 0;
  let encodings = 0;
  let hosts = 0;
  let cut = false;
  forEach((name, value) => {
    bytes += name.length + value.length;
    switch (name) {
      case "host":
        hosts++;
        head.host = value;
        break;
      case "content-length":
        lengths++;
        if (!DIGITS.test(value)) cut = true;
        head.contentLength = Number(value);
        break;
      case "transfer-encoding":
        encodings++;
        if (value.toLowerCase() !== "chunked") cut = true;
        head.chunked = true;
        break;
      case "authorization":
        if (head.authorization !== "") head.repeated = name;
        head.authorization = value;
        break;
      case "cookie":
        head.cookie = head.cookie === "" ? value : `${head.cookie}; ${value}`;
        break;
      case "content-type":
        if (head.contentType !== "") head.repeated = name;
        head.contentType = value;
        break;
      case "origin":
        if (head.origin !== "") head.repeated = name;
        head.origin = value;
        break;
      case "x-forwarded-for":
        head.forwardedFor = head.forwardedFor === "" ? value : `${head.forwardedFor}, ${value}`;
        break;
      case "accept":
        head.accept = value;
        break;
      case "accept-encoding":
        head.acceptEncoding = value;
        break;
      case "if-none-match":
        head.ifNoneMatch = value;
        break;
      case "idempotency-key":
        if (head.idempotencyKey !== null) head.repeated = name;
        head.idempotencyKey = value;
        break;
      case "x-signature":
        if (head.signature !== "") head.repeated = name;
        head.signature = value;
        break;
      case "x-csrf-token":
        if (head.csrfToken !== "") head.repeated = name;
        head.csrfToken = value;
        break;
      case "sec-fetch-site":
        if (head.fetchSite !== "") head.repeated = name;
        head.fetchSite = value;
        break;
      case REHEARSAL_HEADER:
        head.rehearsalPass = value;
        break;
      case "access-control-request-method":
        head.wantedMethod = value;
        break;
      default:
        // `Content-Length : 5` is a length to some servers and nothing to others.
        if (!TOKEN.test(name)) cut = true;
    }
  });
  if (cut || lengths > 1 || encodings > 1 || hosts > 1 || (lengths > 0 && encodings > 0)) return "cut";
  if (bytes > HEADER_BYTES_MAX) return "tooLarge";
  return head;
}
