// The few things that a page of the shop cannot do without a script. No dependencies, no inline code.

takePass();
// A second pass that is put into the address of the same page loads nothing anew.
addEventListener("hashchange", takePass);
for (const element of document.querySelectorAll("[data-ends-in]")) countDown(element);
for (const button of document.querySelectorAll("[data-fill]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.field ?? "card");
    field.value = button.dataset.fill;
    field.removeAttribute("aria-invalid");
    field.focus();
  });
}
for (const form of document.querySelectorAll("[data-paying]")) showPaying(form);
if (document.querySelector("[data-reload]") !== null) setTimeout(() => location.reload(), 2000);

/** The pass leaves the address at once, so that it stays in no history and no screenshot, and is handed in. */
function takePass() {
  const form = document.querySelector("[data-pass]");
  if (form === null) return;
  const pass = new URLSearchParams(location.hash.slice(1)).get("pass");
  // Setting the address without its fragment fires no hashchange.
  history.replaceState(null, "", location.pathname);
  if (pass === null || pass === "") {
    const status = form.querySelector("[role=status]");
    status.textContent = status.dataset.without;
    return;
  }
  form.elements.pass.value = pass;
  form.submit();
}

/** Counts from what the server said is left: the device's clock may be anything. */
function countDown(element) {
  const endsAt = performance.now() + Number(element.dataset.endsIn);
  const figure = element.querySelector("[data-left]");
  const voice = document.querySelector("[data-announce]");
  const announced = new Set();
  const show = () => {
    const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
    figure.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    element.classList.toggle("soon", seconds <= 120);
    element.classList.toggle("last", seconds <= 30);
    for (const [limit, words] of [
      [120, "Two minutes left to pay."],
      [30, "Thirty seconds left to pay."],
      [0, "The time for this unit may be over."],
    ]) {
      if (seconds <= limit && !announced.has(limit)) {
        announced.add(limit);
        voice.textContent = words;
      }
    }
    if (seconds === 0) clearInterval(timer);
  };
  const timer = setInterval(show, 500);
  show();
}

/** One click pays once, and says that it does. A page that comes back from the browser's memory can be used again. */
function showPaying(form) {
  const button = form.querySelector("[type=submit]");
  const status = form.querySelector(".status");
  form.addEventListener("submit", () => {
    button.disabled = true;
    status.textContent = form.dataset.paying;
  });
  addEventListener("pageshow", () => {
    button.disabled = false;
    status.textContent = "";
  });
}
