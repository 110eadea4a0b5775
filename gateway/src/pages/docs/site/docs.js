// Commands that are copied with one press, and contents that are folded where the screen is narrow. Without this script
// all of the page is there.

for (const block of document.querySelectorAll("main > pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const frame = document.createElement("div");
  frame.className = "copied";
  block.replaceWith(frame);
  frame.append(block, button);
  button.addEventListener("click", () => void copy(block, button));
}

/**
 * @param {Element} block
 * @param {HTMLButtonElement} button
 */
async function copy(block, button) {
  try {
    await navigator.clipboard.writeText(block.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    // Not allowed here: what is marked can be copied by hand.
    getSelection()?.selectAllChildren(block);
    button.textContent = "Marked: press Ctrl+C";
  }
  setTimeout(() => {
    button.textContent = "Copy";
  }, 2_000);
}

const contents = document.querySelector("nav details");
const narrow = matchMedia("(max-width: 60rem)");
const fold = () => {
  if (contents) contents.open = !narrow.matches;
};
narrow.addEventListener("change", fold);
fold();
