// What a screen reader finds in each state of the page: the names, roles and order of all that the page says and asks.
// In English, in a browser that may still be asked for notifications; what is spoken by itself is not in it.
import type { Page } from "@playwright/test";
import type { ELEVEN } from "./scene.ts";

/** The room's part of the accessibility tree: "‹time›" is whatever a clock says, "‹n›" a place in a line that moves. */
export async function treeOf(page: Page): Promise<string> {
  const tree = await page.locator("#root").ariaSnapshot();
  return (
    tree
      .replace(/(\b\w{3}, \w{3} \d+, )?\b\d\d:\d\d(:\d\d)?\b/g, "‹time›")
      .replace(/\b3,[34]\d\d\b/g, "‹n›")
      // The two live regions, which come last.
      .replace(/(\n- paragraph[^\n]*){2}$/, "")
  );
}

const PRODUCT = `
- heading "Vessel No. 7" [level=1]
- paragraph: €180.00
- paragraph: 120 units · one per person
`;

/** The ways to leave the screen, for who has a place. */
const STRIP = `
- region "Leaving this screen?":
  - heading "Leaving this screen?" [level=2]
  - button "Use another device"
`;

const CARDS: Record<(typeof ELEVEN)[number], string> = {
  scheduled: `
${PRODUCT.trim()}
- region "Opens in":
  - heading "Opens in" [level=2]
  - timer:
    - strong: ‹time›
    - text: until the lobby opens
  - paragraph: "Come any time before the draw: arriving earlier gives no advantage."
  - term: Lobby opens
  - definition: ‹time›
  - term: The draw
  - definition: ‹time›
  - term: Sale opens
  - definition: ‹time›
  - button "Add to calendar"
`,
  lobby: `
${PRODUCT.trim()}
- region "You're in.":
  - heading "You're in." [level=2]
  - timer:
    - strong: ‹time›
    - text: until the draw
  - paragraph: 2,381 people in the lobby. Arriving earlier gives no advantage.
  - term: The draw
  - definition: ‹time›
  - term: Sale opens
  - definition: ‹time›
  - button "Tell me when it's my turn"
  - switch "Sound on my turn" [checked]
  - text: Sound on my turn
  - button "Leave the lobby"
${STRIP.trim()}
`,
  drawing: `
${PRODUCT.trim()}
- region "Drawing the order…":
  - heading "Drawing the order…" [level=2]
  - paragraph:
    - strong: 3,596
    - text: people in the draw
  - paragraph: Everyone in the lobby has the same chance. Your number comes in a few seconds.
  - term: The draw
  - definition: ‹time›
  - term: Sale opens
  - definition: ‹time›
${STRIP.trim()}
`,
  waiting: `
${PRODUCT.trim()}
- region "You're in line.":
  - heading "You're in line." [level=2]
  - paragraph: No. 3,504
  - paragraph:
    - strong: ‹n›
    - text: ‹n› people ahead of you
  - progressbar "The way to your turn"
  - paragraph: About 6–9 min to go.
  - paragraph: "120 units, about ‹n› ahead of you: a unit is unlikely, you stay in line for returns."
  - button "Tell me when it's my turn"
  - switch "Sound on my turn" [checked]
  - text: Sound on my turn
  - button "Leave the line"
${STRIP.trim()}
`,
  offered: `
${PRODUCT.trim()}
- region "It's your turn.":
  - heading "It's your turn." [level=2]
  - timer:
    - strong: ‹time›
    - text: to claim your unit
  - progressbar "Time left"
  - paragraph: Claim it and it's yours for 10 minutes while you pay.
  - paragraph: If you don't, it goes to the next in line, and you can come back once.
  - button "Claim my unit"
  - button "Let it pass"
${STRIP.trim()}
`,
  held: `
${PRODUCT.trim()}
- region "Yours until ‹time›":
  - heading "Yours until ‹time›" [level=2]
  - timer:
    - strong: ‹time›
    - text: left to check out
  - progressbar "Time left"
  - paragraph: Your unit is set aside. Pay at the shop's checkout before the time is up.
  - term: Your unit
  - definition: No. 37
  - link "Go to checkout":
    - /url: /checkout#pass=eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzaG9wcGVyIn0.c2lnbmF0dXJl
  - button "Give it back"
${STRIP.trim()}
`,
  missed: `
${PRODUCT.trim()}
- region "Your turn passed at ‹time›.":
  - heading "Your turn passed at ‹time›." [level=2]
  - paragraph:
    - strong: "92"
    - text: your number
  - paragraph: "The unit went to the next in line. You can come back once: the next free unit is then yours."
  - button "Come back"
  - button "Leave the line"
${STRIP.trim()}
`,
  purchased: `
${PRODUCT.trim()}
- region "It's yours. Thank you!":
  - heading "It's yours. Thank you!" [level=2]
  - paragraph:
    - strong: A-10492
    - text: your order number
  - paragraph: The shop has your order and sends you its confirmation.
  - term: Your unit
  - definition: No. 37
  - term: Price
  - definition: €180.00
`,
  soldOut: `
${PRODUCT.trim()}
- region "All units are sold":
  - heading "All units are sold" [level=2]
  - paragraph:
    - strong: 3,504
    - text: your final place
  - paragraph: "Everybody was served in the order of the draw: you were never skipped."
  - paragraph: "You stay in line until ‹time›: a cancelled order's unit goes to the next."
  - switch "Tell me if units come back"
  - text: Tell me if units come back
  - link "Check the draw":
    - /url: "#draw"
  - button "Leave the line"
${STRIP.trim()}
`,
  paused: `
${PRODUCT.trim()}
- region "The sale is paused. Your place is safe.":
  - heading "The sale is paused. Your place is safe." [level=2]
  - paragraph:
    - strong: ‹n›
    - text: your place in line
  - paragraph: The line stands still, and nobody moves ahead of you.
  - paragraph: We're fixing a problem at the checkout and go on at about ‹time›.
  - button "Tell me when it's my turn"
  - switch "Sound on my turn" [checked]
  - text: Sound on my turn
  - button "Leave the line"
${STRIP.trim()}
`,
  offline: `
- paragraph: Reconnecting… your place is safe
${PRODUCT.trim()}
- region "You're in line.":
  - heading "You're in line." [level=2]
  - paragraph: No. 3,504
  - paragraph:
    - strong: ‹n›
    - text: ‹n› people ahead of you
  - progressbar "The way to your turn"
  - paragraph: About 6–9 min to go.
  - paragraph: "120 units, about ‹n› ahead of you: a unit is unlikely, you stay in line for returns."
  - button "Tell me when it's my turn"
  - switch "Sound on my turn" [checked]
  - text: Sound on my turn
  - button "Leave the line"
${STRIP.trim()}
`,
};

/** The whole of each state. */
export function treeFor(state: (typeof ELEVEN)[number]): string {
  return CARDS[state].trim();
}
