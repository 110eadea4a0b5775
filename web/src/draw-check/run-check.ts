// Checks a draw beside the page that shows it: in a worker of its own, so that neither a countdown nor a press waits for
// a million hashes.
import type { CheckNews, CheckOrder } from "./draw-news.ts";

/**
 * @param onNews how far it is, and what came of it; nothing more after that
 * @returns the way to stop it: at once, whatever it is doing
 */
export function runCheck(order: CheckOrder, onNews: (news: CheckNews) => void): () => void {
  const worker = new Worker(new URL("./draw-worker.ts", import.meta.url), { type: "module" });
  const tell = (news: CheckNews): void => {
    // What it holds of a large draw is given back now and not when the page goes.
    if (news.kind !== "reading") worker.terminate();
    onNews(news);
  };
  worker.addEventListener("message", ({ data }: MessageEvent<CheckNews>) => tell(data));
  worker.addEventListener("error", () => tell({ kind: "away" }));
  worker.postMessage(order, []);
  return () => worker.terminate();
}
