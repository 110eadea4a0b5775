import { expect, test } from "vitest";
import { html } from "./html.ts";

test("what is put in is escaped, what the tag made is not, and nothing puts in nothing", () => {
  const evil = `<script>alert("1" & '2')</script>`;
  const inner = html`<b title="${evil}">${1}</b>`;
  expect(html`<p>${inner}${[inner, inner]}${null}${false}</p>`.text).toBe(
    `<p>${inner.text}${inner.text}${inner.text}</p>`,
  );
  expect(inner.text).toBe(
    `<b title="&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;">1</b>`,
  );
});
