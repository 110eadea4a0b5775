// How the operator's console is built: a page of its own beside the shopper's, so that nothing of it weighs on theirs.
// Run after the shopper's build, which empties the folder above.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    outDir: "dist/console",
    emptyOutDir: true,
    assetsDir: "assets",
    sourcemap: false,
    assetsInlineLimit: 0,
    target: "es2022",
    // Where `light-dark()` is understood, so that each colour stands once.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
    // Says which files a page needs, to whoever counts them.
    manifest: true,
    rolldownOptions: { input: "console.html" },
  },
  // `npx pnpm --filter @dropgate/web exec vite --config vite.console.config.ts` beside a running gateway.
  server: {
    proxy: { "/api": "http://127.0.0.1:8080", "/socket.io": { target: "ws://127.0.0.1:8080", ws: true } },
  },
});
