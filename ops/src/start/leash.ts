// Loaded before every process that the start runs: when the start is gone, however it went, the channel to
// it closes, and this asks the process to stop as anyone else would. So none of them needs to know, and none is
// left behind.

/** Who does not stop by itself after having been asked. */
const STOP_MS_MAX = 8_000;

if (process.send !== undefined) {
  let told = false;
  const letGo = (): void => {
    if (told) return;
    told = true;
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
  };
  process.on("disconnect", letGo);
  // Listening keeps a process awake that would otherwise end because it has nothing left to do.
  process.channel?.unref();
  // It may have closed before anyone listened.
  if (!process.connected) letGo();
}
