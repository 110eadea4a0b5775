// The operator's console: one page for every address below /console, which reads its own way from there. Who may see what
// is judged by each call; the page itself is nobody's secret.
import { refuse } from "@dropgate/contracts/refusals";
import type { Reply } from "../edge/reply.ts";
import type { ServedFile } from "./files.ts";
import { html } from "./html.ts";

const TEMPLATE = "/console/console.html";

/** Nothing inline, nothing from elsewhere but the pictures of products. 'self' covers the socket. */
export const CONSOLE_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * @param files of the built pages, from which the template is taken out
 * @returns what stands at an address below /console
 */
export function consolePage(files: Map<string, ServedFile>): (path: string) => Reply {
  const template = files.get(TEMPLATE)?.body.toString() ?? null;
  files.delete(TEMPLATE);
  return (path) => {
    // A file of another build: with the page in its place a browser would keep that for ever.
    if (path.startsWith("/console/assets/")) return refuse("NOT_FOUND");
    if (template === null) {
      return refuse("NOT_FOUND", { detail: "The console was not built: run `npx pnpm build`." });
    }
    return html(200, template, CONSOLE_SECURITY_POLICY);
  };
}
