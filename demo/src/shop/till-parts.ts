// What the tills of the drop and of ordinary products have in common: the form for the card, and the time that is left.

import { DECLINED_CARD, GOOD_CARD } from "./card.ts";
import { type Html, html } from "./html.ts";

/** The card's form. `problem` is the sentence of the step before. */
export function cardForm(action: string, priceText: string, problem: string | null): Html {
  return html`${problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`}
    <form method="post" action="${action}" data-paying="Paying… please stay on this page.">
      <label for="card">Card number</label>
      <input id="card" name="card" inputmode="numeric" autocomplete="off" maxlength="23" required
        placeholder="0000 0000 0000 0000" aria-describedby="cards"${problem === null ? null : html` aria-invalid="true"`}>
      <p id="cards" class="cards">This is a demo: use one of these.
        <button class="quiet" type="button" data-fill="${GOOD_CARD}">${GOOD_CARD} <span>works</span></button>
        <button class="quiet" type="button" data-fill="${DECLINED_CARD}">${DECLINED_CARD} <span>is declined</span></button>
      </p>
      <button class="button" type="submit">Pay ${priceText}</button>
      <p role="status" class="status"></p>
    </form>`;
}

/** The figure runs in the browser, from the server's clock; without a script the time of day still stands there. */
export function countdown(endsAt: number, now: number): Html {
  if (endsAt <= now) {
    return html`<p class="countdown over">The time to pay may be over: pay now to see whether it is still there.</p>`;
  }
  const until = `${new Date(endsAt).toISOString().slice(11, 19)} UTC`;
  return html`<p class="countdown" data-ends-in="${Math.round(endsAt - now)}">Yours for <span data-left role="timer">until ${until}</span></p>
    <p class="unseen" aria-live="polite" data-announce></p>`;
}
