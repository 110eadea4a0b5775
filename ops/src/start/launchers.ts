// Notices when whoever launched us is gone. `npx pnpm start` is a chain of processes (npx, a shell, pnpm,
// a shell, this one); a SIGTERM to npx alone ends the shell below it and reaches nobody further down. We
// would then run on without anyone who could stop us, so a broken chain counts as a wish to stop.
import { readFileSync } from "node:fs";

/** One link: a process and who its parent was when we started. */
export type Link = { pid: number; ppid: number };

const LOOK_EVERY_MS = 500;
/** As a program's name or script; not in a path below node_modules/.pnpm. */
const LAUNCHER = /(^|[\s/])(npm|npx|pnpm)(-cli)?(\.[cm]?js)?(\s|$)/;
/** Its own command line may name a launcher (`bash -c "npx pnpm start &"`), and it may be gone at once. */
const SHELL = /^(\S*\/)?(sh|dash|bash|zsh|ash|busybox)\s/;

/**
 * The links from `pid` up to the highest launcher of an unbroken chain of launchers and shells. A shell or
 * supervisor above that may end whenever it likes: that is what `nohup` and `&` are for.
 */
export function chainFrom(
  pid: number,
  look: (pid: number) => { ppid: number; command: string } | undefined,
): Link[] {
  const chain: Link[] = [];
  let kept = 0;
  for (let at = pid; at > 1; ) {
    const seen = look(at);
    if (seen === undefined) break;
    if (at !== pid) {
      if (!SHELL.test(seen.command)) {
        if (!LAUNCHER.test(seen.command)) break;
        kept = chain.length;
      }
    }
    chain.push({ pid: at, ppid: seen.ppid });
    at = seen.ppid;
  }
  // The highest launcher itself counts as alive while its child still names it.
  return chain.slice(0, kept);
}

function lookInProc(pid: number): { ppid: number; command: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const ppid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
    return { ppid, command };
  } catch {
    return undefined;
  }
}

/**
 * Calls `gone` once when the chain above us breaks (without /proc nothing of it is watched), or when the channel to a
 * program that started us with one closes, which it does however that program ends.
 */
export function watchLaunchers(gone: () => void): void {
  if (process.send !== undefined) {
    process.once("disconnect", gone);
    // Listening keeps a process awake that would otherwise end because it has nothing left to do.
    process.channel?.unref();
    // It may have closed before anyone listened.
    if (!process.connected) gone();
  }
  const chain = chainFrom(process.pid, lookInProc);
  if (chain.length === 0) return;
  const timer = setInterval(() => {
    if (chain.every((link) => lookInProc(link.pid)?.ppid === link.ppid)) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
