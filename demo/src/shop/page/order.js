// Keeps an order's page as the warehouse is: asks the shop every two seconds, more seldom while nobody answers, and
// puts in what differs. Without it the page is as it was when it came.

const EVERY_MS = 2000;
const AGAIN_MS_MAX = 30000;
const ANSWER_MS_MAX = 8000;

const panel = document.querySelector("[data-progress]");
const sentence = panel.querySelector("[data-sentence]");
const away = panel.querySelector("[data-away]");
const problem = panel.querySelector("[data-problem]");
const steps = panel.querySelector("[data-steps]");
const tracking = panel.querySelector("[data-tracking]");
const cancel = panel.querySelector("[data-cancel]");
let failures = 0;
let timer = 0;
let asked = 0;
let isOver = false;
let isCancelling = false;

localTimes();
// The first look at once: between the server's writing and now a step may have been done.
void look();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look();
});
addEventListener("online", () => void look());
cancel.addEventListener("submit", (event) => {
  event.preventDefault();
  void sendCancel();
});

async function look() {
  clearTimeout(timer);
  if (isOver) return;
  const mine = ++asked;
  const told = await ask();
  // A newer look has begun meanwhile, and its answer is the one that counts.
  if (mine !== asked) return;
  if (told !== null) show(told);
  const isKnown = told !== null && told.isFresh;
  failures = isKnown ? 0 : failures + 1;
  put(away, isKnown ? "" : away.dataset.away);
  // Nobody looks at a hidden page; it asks when it is seen again.
  if (isOver || document.hidden) return;
  const pauseMs = Math.min(EVERY_MS * 2 ** Math.max(0, failures - 1), AGAIN_MS_MAX);
  // Spread, so that all who waited for the same server do not knock together.
  timer = setTimeout(() => void look(), failures === 0 ? pauseMs : pauseMs * (0.75 + Math.random() / 2));
}

async function ask() {
  try {
    const answer = await fetch(panel.dataset.progress, {
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function show(told) {
  put(panel.querySelector("[data-title]"), told.title);
  put(panel.querySelector("[data-mark]"), told.mark);
  panel.className = `panel order-${told.state}`;
  // Only what differs: a live region speaks whenever it is written.
  put(sentence, told.sentence);
  if (told.steps !== null && steps.dataset.told !== told.steps) {
    steps.dataset.told = told.steps;
    steps.innerHTML = told.steps;
    localTimes();
  }
  tracking.hidden = told.tracking === null;
  if (told.tracking !== null && tracking.dataset.told !== told.tracking) {
    tracking.dataset.told = told.tracking;
    tracking.innerHTML = told.tracking;
  }
  if (cancel.contains(document.activeElement) && !told.mayCancel) sentence.focus();
  cancel.hidden = !told.mayCancel;
  if (told.state === "cancelled") put(problem, "");
  document.title = document.title.replace(/^[^·]*/, `${told.title} `);
  isOver = told.isOver;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

async function sendCancel() {
  // Not disabled: a button that is would lose the keyboard's focus.
  if (isCancelling) return;
  isCancelling = true;
  put(problem, "");
  try {
    const answer = await fetch(cancel.action, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    });
    if (!answer.ok) put(problem, (await answer.json()).detail);
  } catch {
    put(problem, away.dataset.away);
  }
  isCancelling = false;
  await look();
}

/** Times by the visitor's own clock; the server only knows its own. */
function localTimes() {
  for (const time of steps.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { timeStyle: "medium" });
  }
}
