// A small server that plays one scene of a sale to the real, built page: the HTTP and Socket.IO contract from a
// script, for states that a true sale would take hours to reach. What it says is typed by the contract.

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { languageFor } from "@dropgate/web/languages";
import { CONTENT_SECURITY_POLICY, renderShell } from "@dropgate/web/shell";
import { builtPage } from "./built-page.ts";
import { ENTRY_ID, HOLD_ID, SALE_ID, type Scene, TOKEN } from "./scene.ts";
import { acceptSocket, type TextSocket } from "./text-socket.ts";

export interface Stage {
  url: string;
  /** Plays another scene from now on; those who watch are told. */
  play(scene: Scene): void;
  /** The scene as it is now: acts of the shopper change it. */
  scene(): Scene;
  /** Ends every socket and answers nothing, until `mend`. */
  cut(): void;
  mend(): void;
  /** Takes no sockets, as where a proxy blocks them, until `mend`. */
  blockSockets(): void;
  /** Answers with one of the verifier's worked examples as the proof of the draw; null: it has none to give. */
  prove(example: string | null): Promise<void>;
  /** From now on the list of the proof stops half-way; answers how it goes on, for those who wait and those who come. */
  haltProof(): () => void;
  /** A leave that is answered is not stored, and so not told, before what this answers is called. */
  storeLeavesLater(): () => void;
  close(): Promise<void>;
}

/** The two public files. */
interface Proof {
  draw: string;
  entries: string;
}

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export async function openStage(first: Scene): Promise<Stage> {
  const page = await builtPage();
  const picture = await readFile(new URL("picture.svg", import.meta.url));
  const watchers = new Map<TextSocket, { hasToken: boolean }>();
  let scene = first;
  let proof: Proof | null = null;
  let proofGoesOn = Promise.resolve();
  let leavesAreStored = Promise.resolve();
  let isCut = false;
  let areSocketsBlocked = false;

  const server = createServer((request, response) => {
    if (isCut) request.destroy();
    else answer(request, response);
  });
  server.on("upgrade", (request, stream) => {
    if (isCut || areSocketsBlocked) return stream.destroy();
    const socket = acceptSocket(
      request,
      stream,
      (text) => heard(socket, text),
      () => watchers.delete(socket),
    );
    socket.send(
      `0${JSON.stringify({ sid: "stage", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000 })}`,
    );
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams } = new URL(request.url ?? "/", "http://stage");
    if (path === `/s/${SALE_ID}`) {
      response.writeHead(scene.sale === null ? 404 : 200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": CONTENT_SECURITY_POLICY,
      });
      const accepted = request.headers["accept-language"] ?? "";
      const language = languageFor(searchParams.get("lang"), null, accepted);
      return void response.end(renderShell(page.template, scene.sale, language));
    }
    if (path.startsWith("/api/v1/")) return answerApi(request.method ?? "GET", path.slice(7), response);
    const bytes = path === "/picture.svg" ? picture : page.assets.get(path);
    const type = TYPES[extname(path)];
    if (bytes === undefined || type === undefined) return notFound(response);
    response.writeHead(200, { "content-type": type }).end(bytes);
  }

  function text(response: ServerResponse, type: string, body: string): void {
    response.writeHead(200, { "content-type": type }).end(body);
  }

  async function inHalves(response: ServerResponse, body: string): Promise<void> {
    const half = body.length >> 1;
    response.writeHead(200, { "content-type": "application/x-ndjson" }).write(body.slice(0, half));
    await proofGoesOn;
    response.end(body.slice(half));
  }

  function notFound(response: ServerResponse): void {
    response.writeHead(404, { "content-type": "text/plain" }).end("nothing here");
  }

  function answerApi(method: string, path: string, response: ServerResponse): void {
    const json = (status: number, body: unknown) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const sale = saleNow();
    if (sale === null) return json(404, { code: "SALE_NOT_FOUND" });
    if (path === `/sales/${SALE_ID}`) return json(200, sale);
    if (path === `/sales/${SALE_ID}/entries` && method === "POST") {
      act("join");
      return json(201, { ...scene.entry, token: TOKEN });
    }
    if (path === `/sales/${SALE_ID}/draw` && proof !== null)
      return text(response, "application/json", proof.draw);
    if (path === `/sales/${SALE_ID}/draw/entries` && proof !== null)
      return void inHalves(response, proof.entries);
    if (path === `/entries/${ENTRY_ID}` && method === "GET") {
      return scene.entry === null
        ? json(404, { code: "ENTRY_NOT_FOUND" })
        : json(200, { ...scene.entry, serving: scene.serving.serving });
    }
    const acts: Record<string, string> = {
      [`DELETE /entries/${ENTRY_ID}`]: "leave",
      [`POST /entries/${ENTRY_ID}/rejoin`]: "rejoin",
      [`POST /holds/${HOLD_ID}/claim`]: "claim",
      [`POST /holds/${HOLD_ID}/release`]: "release",
    };
    const name = acts[`${method} ${path}`];
    return name === undefined ? json(404, { code: "NOT_FOUND" }) : json(200, act(name));
  }

  function heard(socket: TextSocket, text: string): void {
    if (text.startsWith("40")) {
      const auth = JSON.parse(text.slice(2) || "{}") as { token?: string };
      watchers.set(socket, { hasToken: auth.token === TOKEN });
      socket.send('40{"sid":"stage"}');
      return tell(socket);
    }
    const event = /^42(\d+)(.*)$/.exec(text);
    if (event === null) return;
    const [name] = JSON.parse(event[2] ?? "[]") as [string];
    socket.send(`43${event[1]}${JSON.stringify([act(name)])}`);
  }

  /** What a shopper may do, and what then is so. Answers as the contract does. */
  function act(name: string): unknown {
    const entry = scene.entry;
    const rev = (entry?.rev ?? 0) + 1;
    const until = new Date(Date.now() + 600_000).toISOString();
    const hold = scene.hold ?? {
      holdId: HOLD_ID,
      saleId: SALE_ID,
      entryId: ENTRY_ID,
      sku: "VESSEL-7",
      unit: 37,
      quantity: 1 as const,
      state: "active" as const,
      offeredAt: new Date().toISOString(),
      claimBy: new Date(Date.now() + 45_000).toISOString(),
      expiresAt: until,
      extended: false,
    };
    switch (name) {
      case "join":
        if (entry === null || entry.state !== "waiting") {
          const isDrawn = scene.sale?.phase === "live";
          const ticket = isDrawn ? 3_504 : null;
          const position = ticket === null ? null : ticket - scene.serving.serving;
          play({
            ...scene,
            entry: { entryId: ENTRY_ID, saleId: SALE_ID, state: "waiting", ticket, position, rev },
          });
        }
        return scene.entry;
      case "leave":
        if (entry !== null)
          void leavesAreStored.then(() => play({ ...scene, entry: { ...entry, state: "left", rev } }));
        return {};
      case "rejoin":
        if (entry !== null) play({ ...scene, entry: { ...entry, state: "waiting", rev } });
        return scene.entry;
      case "claim": {
        const held = { ...hold, state: "active" as const };
        const pass = "header.payload.signature";
        if (entry !== null && entry.state !== "held") {
          play({ ...scene, hold: held, pass, entry: { ...entry, state: "held", expiresAt: until, rev } });
        }
        return { hold: held, pass };
      }
      case "release": {
        const released = { ...hold, state: "released" as const };
        if (entry !== null) play({ ...scene, hold: released, entry: { ...entry, state: "released", rev } });
        return { hold: released };
      }
      default:
        return { problem: { code: "NOT_FOUND" } };
    }
  }

  function saleNow(): Scene["sale"] {
    return scene.sale === null ? null : { ...scene.sale, serverTime: new Date().toISOString() };
  }

  function tell(socket: TextSocket): void {
    const { entry, hold, pass, outcome, serving } = scene;
    const say = (event: string, payload: unknown) => socket.send(`42${JSON.stringify([event, payload])}`);
    say("sale", saleNow());
    say("serving", { ...serving, at: new Date().toISOString() });
    if (watchers.get(socket)?.hasToken !== true || entry === null) return;
    say("entry", entry);
    if (entry.state === "offered") {
      say("offer", { holdId: entry.holdId, sku: "VESSEL-7", quantity: 1, claimBy: entry.claimBy });
    }
    if (hold !== null) say("hold", pass === null ? { hold } : { hold, pass });
    if (outcome !== null) say("outcome", outcome);
  }

  function play(next: Scene): void {
    scene = next;
    for (const socket of watchers.keys()) tell(socket);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/s/${SALE_ID}`,
    play,
    scene: () => scene,
    cut() {
      isCut = true;
      for (const socket of watchers.keys()) socket.close();
    },
    mend() {
      isCut = false;
      areSocketsBlocked = false;
    },
    async prove(example) {
      if (example === null) {
        proof = null;
        return;
      }
      const folder = new URL(`../../../draw/examples/${example}/`, import.meta.url);
      proof = {
        draw: await readFile(new URL("draw.json", folder), "utf8"),
        entries: await readFile(new URL("entries.ndjson", folder), "utf8"),
      };
    },
    haltProof() {
      const { promise, resolve } = gate();
      proofGoesOn = promise;
      return resolve;
    },
    storeLeavesLater() {
      const { promise, resolve } = gate();
      leavesAreStored = promise;
      return resolve;
    },
    blockSockets() {
      areSocketsBlocked = true;
      for (const socket of watchers.keys()) socket.close();
    },
    close() {
      for (const socket of watchers.keys()) socket.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Something that is waited for, and the way to let it come. */
function gate(): { promise: Promise<void>; resolve: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, resolve: open };
}
