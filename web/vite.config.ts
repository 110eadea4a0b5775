// How the page is built: one entry and the element beside it, hashed files that a CDN may keep for ever, nothing
// inline, so that the strictest Content-Security-Policy holds.
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { LANGUAGES } from "./src/texts/languages.ts";

export default defineConfig({
  base: "/",
  plugins: [react(), plainImports(), textsAhead(), elementAlone()],
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
 * Writes into the page which files hold each language's words, so that the server can let the browser fetch its
 * reader's own together with the script instead of after it. Fails when a language has no file of its own.
 */
function textsAhead(): Plugin {
  return {
    name: "dropgate:texts-ahead",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        // What a file imports is wanted at once too; the page's own script is there anyway.
        const chunksOf = (file: string): string[] => {
          const chunk = bundle?.[file];
          const imports = chunk?.type === "chunk" ? chunk.imports : [];
          return imports.filter((each) => !html.includes(each)).flatMap((each) => [each, ...chunksOf(each)]);
        };
        const files = LANGUAGES.map((language) => {
          const chunk = Object.values(bundle ?? {}).find(
            (each) => each.type === "chunk" && each.facadeModuleId?.endsWith(`/src/texts/${language}.ts`),
          );
          if (chunk === undefined) throw new Error(`the words of ${language} have no file of their own`);
          return `${language}=${[chunk.fileName, ...chunksOf(chunk.fileName)].map((file) => `/${file}`).join()}`;
        });
        return html.replace("<!--dropgate:head-->", `<!--dropgate:head ${files.join(" ")}-->`);
      },
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
