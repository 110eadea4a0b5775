// How the page is built: one entry and the element beside it, hashed files that a CDN may keep for ever, nothing inline, so that the strictest
// Content-Security-Policy holds.
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

export default defineConfig({
  base: "/",
  plugins: [react(), textSocketOnly(), plainImports(), elementAlone()],
  build: {
    outDir: "dist",
    assetsDir: "assets",
    sourcemap: false,
    // Icons are swapped by address: as data they would need `img-src data:`.
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    reportCompressedSize: false,
    rolldownOptions: {
      // The page, and the element that merchants load from an address that stays.
      input: { index: "index.html", embed: "src/embed/element.ts" },
      output: { entryFileNames: ({ name }) => (name === "embed" ? "embed.js" : "assets/[name]-[hash].js") },
    },
  },
  // `npx pnpm --filter @dropgate/web exec vite` beside a running gateway.
  server: {
    proxy: { "/api": "http://127.0.0.1:8080", "/socket.io": { target: "ws://127.0.0.1:8080", ws: true } },
  },
});

/**
 * The stock client carries four ways to connect and a reader for binary packets; the contract has the WebSocket and
 * text alone; who begins with a WebSocket has nothing to change over to. Without the rest the first load is 5 kB
 * smaller. Fails when a part is no longer where it was, rather than shipping everything in silence.
 */
function textSocketOnly(): Plugin {
  const replacements = new Map([
    [
      "engine.io-client/build/esm/transports/index.js",
      'import { WS } from "./websocket.js"; export const transports = { websocket: WS };',
    ],
    ["engine.io-client/build/esm/transports/polling.js", "export class Polling {}"],
    ["engine.io-client/build/esm/transports/polling-xhr.js", "export class XHR {}"],
    ["engine.io-client/build/esm/transports/webtransport.js", "export class WT {}"],
    ["engine.io-parser/build/esm/index.js", 'export * from "/src/packets/engine-packets.ts";'],
    ["socket.io-parser/build/esm/index.js", 'export * from "/src/packets/socket-packets.ts";'],
  ]);
  const engine = "engine.io-client/build/esm/socket.js";
  const changeover = /\n {4}_probe\(name\) \{[\s\S]*?\n {4}\}\n/;
  const missing = new Set([...replacements.keys(), engine]);
  return {
    name: "dropgate:text-socket-only",
    apply: "build",
    load(id) {
      const file = fileOf(id);
      const replacement = replacements.get(file);
      if (replacement !== undefined) missing.delete(file);
      return replacement ?? null;
    },
    transform(code, id) {
      if (fileOf(id) !== engine || !changeover.test(code)) return null;
      missing.delete(engine);
      return code.replace(changeover, "\n");
    },
    buildEnd(error) {
      if (error === undefined && missing.size > 0)
        this.error(`not found any more: ${[...missing].join(", ")}`);
    },
  };
}

function fileOf(id: string): string {
  return id.split("/node_modules/").at(-1) ?? "";
}

/**
 * Vite loads the styles of a part before its script; all of ours are in the one sheet, so that what is loaded later
 * is loaded by the browser's own `import()`. 1 kB of the first load. Fails when a part brings a sheet after all.
 */
function plainImports(): Plugin {
  let isReplaced = false;
  return {
    name: "dropgate:plain-imports",
    apply: "build",
    enforce: "pre",
    load(id) {
      if (!id.includes("vite/preload-helper")) return null;
      isReplaced = true;
      return "export const __vitePreload = (load) => load();";
    },
    generateBundle(_options, bundle) {
      const sheets = Object.keys(bundle).filter((file) => file.endsWith(".css"));
      if (!isReplaced) this.error("Vite's preload helper is no longer where it was.");
      if (sheets.length > 1) this.error(`more than one sheet: ${sheets.join(", ")}`);
    },
  };
}

/**
 * `embed.js` is an ordinary script in somebody else's page: it brings all that it needs, and leaves no name behind.
 * Fails when it would import, or be imported.
 */
function elementAlone(): Plugin {
  return {
    name: "dropgate:element-alone",
    apply: "build",
    generateBundle(_options, bundle) {
      const chunk = bundle["embed.js"];
      if (chunk?.type !== "chunk") return this.error("embed.js was not built.");
      const isAlone = chunk.imports.length + chunk.dynamicImports.length + chunk.exports.length === 0;
      if (!isAlone) this.error("embed.js shares code with the page.");
      chunk.code = `(() => {\n${chunk.code}})();\n`;
    },
  };
}
