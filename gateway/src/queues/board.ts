// Bull's own view of the queues. Loaded when an admin first opens it: most gateways never do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { QUEUE_PREFIX, QUEUES } from "@dropgate/contracts/queues";
import { openGeneralClient } from "@dropgate/lua/general-client";
import { Queue } from "bullmq";
import { readFiles, type ServedFile } from "../pages/files.ts";
import { type BoardAnswer, type BoardCall, BoardRoutes } from "./board-routes.ts";

/** What of the board's page is its own: the rest of its file asks for fonts from elsewhere and styles of its own. */
const OWN_TAGS =
  /<link href="static\/[\w./-]+\.css" rel="stylesheet">|<script defer src="static\/[\w./-]+\.js"><\/script>/g;

export interface Board {
  /** Its built files, by their address behind the board's own. */
  files: ReadonlyMap<string, ServedFile>;
  isPage(path: string): boolean;
  /** @param csrfToken of the session that looks at it: its calls bring it back */
  page(basePath: string, csrfToken: string): string;
  answer(call: BoardCall): Promise<BoardAnswer | null>;
  close(): Promise<void>;
}

/**
 * @param redisUrl as in REDIS_URL
 * @throws when no Redis answers
 */
export async function openBoard(redisUrl: string, onError: (error: unknown) => void): Promise<Board> {
  const client = await openGeneralClient(redisUrl);
  const queues = QUEUES.map((name) => new Queue(name, { connection: client, prefix: QUEUE_PREFIX }));
  for (const queue of queues) queue.on("error", onError);
  const routes = new BoardRoutes();
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter: routes,
    options: { uiConfig: { boardTitle: "Queues" } },
  });
  const tags = readFileSync(join(routes.viewsPath, "index.ejs"), "utf8").match(OWN_TAGS) ?? [];
  return {
    files: readFiles(routes.staticPath, "/static/"),
    isPage: (path) => routes.isPage(path),
    page: (basePath, csrfToken) => pageOf(tags, routes.ui, basePath, csrfToken),
    answer: (call) => routes.answer(call),
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
      client.disconnect();
    },
  };
}

function pageOf(tags: readonly string[], ui: unknown, basePath: string, csrfToken: string): string {
  const config = JSON.stringify(ui).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Queues</title>' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
    `<meta name="csrf-token" content="${csrfToken}"><base href="${basePath}/">` +
    '<link rel="icon" type="image/svg+xml" href="static/images/logo.svg"><script src="csrf.js"></script>' +
    `${tags.join("")}</head><body class="preload">` +
    `<script id="__UI_CONFIG__" type="application/json">${config}</script><div id="root">Loading</div></body></html>`
  );
}
