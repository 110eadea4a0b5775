// The log: JSON lines, or readable ones on a terminal. Secrets never reach it: what is logged is chosen, never
// whole requests, and what could carry one is taken out here besides.
import { Writable } from "node:stream";
import { type Logger, pino } from "pino";

/** @param pretty for a person who reads along */
export function makeLog(level: string, name: string, pretty: boolean): Logger {
  const options = {
    level,
    base: { process: name },
    redact: { paths: ["*.authorization", "*.cookie", "*.token", "*.secret", "*.key"], censor: "[hidden]" },
  };
  return pretty ? pino(options, prettyLines(process.stdout)) : pino(options);
}

const LEVELS: Record<number, string> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "ERROR",
  60: "FATAL",
};

/** One line a record: time, level, message, and the rest as JSON. (pino-pretty no longer installs on Node 20.) */
export function prettyLines(out: { write: (text: string) => unknown }): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split("\n")) if (line !== "") out.write(`${prettyLine(line)}\n`);
      done();
    },
  });
}

export function prettyLine(line: string): string {
  const {
    time,
    level,
    msg,
    process,
    pid: _pid,
    hostname: _hostname,
    err,
    ...rest
  } = JSON.parse(line) as {
    time: number;
    level: number;
    msg?: string;
    process?: string;
    err?: { stack?: string };
  } & Record<string, unknown>;
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : "";
  const stack = err?.stack ? `\n${err.stack}` : "";
  const at = new Date(time).toISOString().slice(11, 23);
  return `${at} ${LEVELS[level] ?? level} ${process ?? ""} ${msg ?? ""}${more}${stack}`;
}
