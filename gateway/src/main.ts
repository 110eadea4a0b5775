// A gateway as a process: settings from the environment, a log on standard output, and an end in good order.
import { STOP_MS_MAX } from "@dropgate/contracts/limits";
import { readSettings } from "@dropgate/contracts/settings";
import { attachRealtime } from "./realtime/attach.ts";
import { uwsRefusal } from "./socket/require-uws.ts";
import { startGateway } from "./start-gateway.ts";
import { makeLog } from "./telemetry/log.ts";

function giveUp(sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join("\n")}\n`);
  process.exit(1);
}

const refusal = uwsRefusal(process.versions, process.env);
if (refusal !== undefined) giveUp([refusal]);
const read = readSettings(process.env);
if (!read.ok) giveUp(read.sentences);
const { settings } = read;
const log = makeLog(settings.LOG_LEVEL, settings.PROCESS_NAME || "gateway", process.stdout.isTTY ?? false);

try {
  const gateway = await startGateway({ settings, log }, attachRealtime);
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, "stopping");
    // Whatever hangs, the process ends: its successor is waiting for the work.
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
    gateway.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  // Started with a channel, its end means that whoever started us is gone.
  if (process.send !== undefined) process.on("disconnect", () => stop("the starter is gone"));
} catch (error) {
  giveUp([error instanceof Error ? error.message : String(error)]);
}
