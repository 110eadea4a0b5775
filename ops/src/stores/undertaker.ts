// Ends the stores when we are gone without having done it: they run in sessions of their own, so nothing
// else would. A shell does it, because it must outlive us and may weigh nothing.
import { spawn } from "node:child_process";
import { Socket } from "node:net";

export type Undertaker = {
  /**
   * From now on this process is ended after us: cleanly, and by force 5 s later. The newest of each name counts.
   * @param store `postgres`, `redis`, or `redis-1` … of a cluster
   */
  take: (store: string, pid: number) => void;
  /** It is not needed any more. */
  dismiss: () => void;
};

/**
 * @param waitSeconds between our end and the stores': whoever still uses them may finish
 * @param remove a folder that is removed in the end
 */
export function callUndertaker(waitSeconds: number, remove?: string): Undertaker {
  // `read` comes to an end when the pipe closes, which the system does for us however we end.
  const script = `
    while read -r store pid; do
      case $store in
        redis-[1-6]) eval "redis_\${store#redis-}=$pid" ;;
        redis) redis=$pid ;;
        postgres) postgres=$pid ;;
      esac
    done
    sleep "$1"
    all="$redis $redis_1 $redis_2 $redis_3 $redis_4 $redis_5 $redis_6"
    for pid in $all; do kill -TERM "$pid"; done
    [ -z "$postgres" ] || kill -INT "$postgres"
    for i in 1 2 3 4 5 6 7 8 9 10; do
      alive=
      for pid in $all $postgres; do kill -0 "$pid" && alive=yes; done
      [ -n "$alive" ] || break
      sleep 0.5
    done
    [ -z "$alive" ] || kill -KILL $all $postgres
    [ -z "$2" ] || rm -rf "$2"
  `;
  const shell = spawn("sh", ["-c", script, "dropgate-undertaker", String(waitSeconds), remove ?? ""], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // It must not be what keeps a finished program from ending.
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  // Should it have been killed, writing to it must not kill us.
  shell.stdin.on("error", () => {});
  return {
    take: (store, pid) => shell.stdin.write(`${store} ${pid}\n`),
    dismiss: () => shell.kill("SIGKILL"),
  };
}
