// What the shop does with what it hears of the line: a sentence beside the card, and the way to its own checkout.

const heard = document.querySelector("[data-heard]");
const queue = document.querySelector("dropgate-queue");

queue.addEventListener("dropgate:state", ({ detail }) => {
  if (detail.state === "waiting" && detail.position !== null)
    heard.textContent = `The shop heard: you are number ${detail.position} in line.`;
  else if (detail.state === "lobby") heard.textContent = "The shop heard: the lobby is open.";
});
queue.addEventListener("dropgate:offer", ({ detail }) => {
  heard.textContent = `The shop heard: it is your turn until ${new Date(detail.claimBy).toLocaleTimeString("en")}.`;
});
queue.addEventListener("dropgate:held", ({ detail }) => {
  const link = document.createElement("a");
  link.href = detail.checkoutUrl ?? "/";
  link.textContent = "Pay for it here";
  heard.replaceChildren("The shop heard: a unit is yours. ", link);
});
queue.addEventListener("dropgate:outcome", ({ detail }) => {
  heard.textContent =
    detail.result === "purchased"
      ? "The shop heard: it is bought. Thank you!"
      : "The shop heard: the sale is over.";
});
