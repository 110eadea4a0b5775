// What an operator's theme puts into the page: nothing of it is ever more than text, an address or a colour.

import { webAddress } from "@dropgate/client/room/checkout-address";
import type { RoomTheme, Theme, ThemeTexts } from "@dropgate/contracts/theme";
import { escapeHtml, jsonForScript } from "./escape.ts";

const OWN_BACKGROUND = { light: "#f5f3ef", dark: "#141312" };

/** The theme's sheet, and the colour that a phone gives to what surrounds the page. */
export function themeHead({ colors, sheet }: Theme & { sheet: string | null }): string {
  const scheme = (name: "light" | "dark") =>
    `<meta name="theme-color" media="(prefers-color-scheme: ${name})" ` +
    `content="${escapeHtml(colors?.[name]?.background ?? OWN_BACKGROUND[name])}">`;
  const link = sheet === null ? "" : `<link rel="stylesheet" href="${escapeHtml(sheet)}">`;
  return scheme("light") + scheme("dark") + link;
}

export function brandPart({ logoUrl }: Theme, { brand, intro }: ThemeTexts): string {
  const logo = webAddress(logoUrl);
  const name = brand === undefined ? "" : `<span>${escapeHtml(brand)}</span>`;
  // The name stands beside it, so the picture says nothing of its own.
  const picture = logo === null ? "" : `<img class="dg-logo" src="${escapeHtml(logo)}" alt="">`;
  const line = picture + name === "" ? "" : `<p class="dg-brand-name">${picture}${name}</p>`;
  const words = intro === undefined ? "" : `<p class="dg-intro">${escapeHtml(intro)}</p>`;
  return line + words === "" ? "" : `<header class="dg-brand">${line}${words}</header>`;
}

/** What of it the script needs, once it knows where the shopper stands. */
export function themeData({ pictureUrl }: Theme, { paused, soldOut, thanks }: ThemeTexts): string {
  const needed: RoomTheme = {
    ...(pictureUrl !== undefined && { pictureUrl }),
    ...(paused !== undefined && { paused }),
    ...(soldOut !== undefined && { soldOut }),
    ...(thanks !== undefined && { thanks }),
  };
  if (Object.keys(needed).length === 0) return "";
  return `<script type="application/json" id="theme">${jsonForScript(needed)}</script>`;
}
