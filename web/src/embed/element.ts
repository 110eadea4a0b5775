// `<dropgate-queue sale="…">`: the waiting room's card in a merchant's page. What is shown comes in a frame of the
// gateway's own, so neither page can read the other; this file makes the frame, keeps it as high as its card, and turns
// what happens inside into events.
import type { FromFrame, Hello, Ready, ToFrame } from "./messages.ts";
import { adviceFor, troubleOf } from "./trouble.ts";
import { type Words, wordsIn } from "./words.ts";

/** Whence this script was loaded: there is the gateway, unless the element names another one. */
const ORIGIN =
  document.currentScript instanceof HTMLScriptElement ? originOf(document.currentScript.src) : null;
const SALE_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** A frame that is not there by then does not come: a slow phone on a slow line has come by then. */
const READY_MS_MAX = 15_000;
/** The browser has loaded something: if that was the waiting room, it says so at once. */
const LOADED_MS_MAX = 4_000;
/** Until somebody is there again; after that a reload is the shopper's. */
const AGAIN_MS = 10_000;
const AGAIN_MAX = 30;

const STYLES = `
  :host { display: block; position: relative; min-block-size: var(--dropgate-min-height, 564px); }
  :host([hidden]) { display: none; }
  iframe { display: block; inline-size: 100%; block-size: 564px; min-block-size: var(--dropgate-min-height, 564px); border: 0; opacity: 0; }
  iframe[data-ready] { opacity: 1; }
  div { position: absolute; inset: 0; display: grid; place-content: center; gap: 0.75em; padding: 1.5em; text-align: center; }
  div[hidden], iframe[hidden] { display: none; }
  a { color: inherit; font-weight: 600; padding: 0.5em; }
`;

class DropgateQueue extends HTMLElement {
  static observedAttributes = ["sale", "lang", "theme", "gateway", "shopper-token"];
  readonly #frame = document.createElement("iframe");
  readonly #note = document.createElement("div");
  readonly #sentence = document.createElement("p");
  readonly #link = document.createElement("a");
  #gateway = "";
  #saleId = "";
  #words: Words = wordsIn("en");
  #port: MessagePort | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  /** How often the frame was begun. */
  #begun = 0;
  #isPlanned = false;
  #height = 0;
  #width = 0;
  readonly #watch = new ResizeObserver(() => {
    // In another width the card is of another height, and may be lower again.
    if (this.clientWidth !== this.#width) this.#height = 0;
    this.#width = this.clientWidth;
  });

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const styles = new CSSStyleSheet();
    styles.replaceSync(STYLES);
    root.adoptedStyleSheets = [styles];
    this.#sentence.setAttribute("role", "status");
    this.#link.target = "_blank";
    this.#link.rel = "noopener";
    this.#note.append(this.#sentence, this.#link);
    this.#frame.allow = "autoplay";
    this.#frame.referrerPolicy = "strict-origin";
    this.#frame.addEventListener("load", () => this.#expect(LOADED_MS_MAX));
    root.append(this.#note, this.#frame);
  }

  connectedCallback(): void {
    addEventListener("message", this.#hear);
    this.#watch.observe(this);
    this.#plan();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#hear);
    this.#watch.disconnect();
    this.#end();
    this.#frame.removeAttribute("src");
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name !== "shopper-token") return this.#plan();
    this.#say({ type: "shopperToken", shopperToken: after });
  }

  /** Several attributes that change at once are one change. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      if (!this.isConnected) return;
      this.#tries = 0;
      this.#begin();
    });
  }

  #begin(): void {
    this.#end();
    this.#begun += 1;
    const { documentElement } = document;
    const lang =
      this.getAttribute("lang") ?? (this.closest<HTMLElement>("[lang]")?.lang || navigator.language);
    this.#words = wordsIn(lang);
    this.#saleId = this.getAttribute("sale") ?? "";
    this.#gateway = originOf(this.getAttribute("gateway") ?? "") ?? ORIGIN ?? "";
    this.#frame.title = this.#words.title(null);
    if (!SALE_ID.test(this.#saleId) || this.#gateway === "") {
      console.error(
        this.#gateway === ""
          ? '<dropgate-queue>: say where the gateway is: gateway="https://queue.shop.example".'
          : '<dropgate-queue>: say which sale it is: sale="…".',
      );
      return this.#show(this.#words.unknown, false);
    }
    const query = new URLSearchParams({ embed: "", lang });
    const theme = this.getAttribute("theme");
    const isForced = theme === "light" || theme === "dark";
    if (isForced) query.set("theme", theme);
    // A frame of another scheme than its document would not be transparent.
    this.#frame.style.colorScheme = isForced ? theme : "light dark";
    this.#frame.dir = documentElement.dir;
    this.#show(this.#words.loading, false);
    this.#frame.src = `${this.#gateway}/s/${this.#saleId}?${query}`;
    this.#expect(READY_MS_MAX);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#port?.close();
    this.#port = null;
    this.#frame.hidden = false;
    delete this.#frame.dataset["ready"];
  }

  #expect(ms: number): void {
    if (this.#port !== null || this.#frame.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fail(), ms);
  }

  readonly #hear = ({ source, origin, data }: MessageEvent<Partial<Ready> | null>): void => {
    if (source !== this.#frame.contentWindow || source === null) return;
    if (origin !== this.#gateway || data?.type !== "dropgate:ready") return;
    clearTimeout(this.#timer);
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.addEventListener("message", ({ data: said }: MessageEvent<FromFrame>) => this.#take(said));
    port1.start();
    const hello: Hello = { type: "dropgate:hello", shopperToken: this.getAttribute("shopper-token") };
    this.#frame.contentWindow?.postMessage(hello, this.#gateway, [port2]);
    // One that was given up may come after all: what it has to say is better than that it did not come.
    this.#frame.hidden = false;
    this.#frame.dataset["ready"] = "";
    this.#note.hidden = true;
    this.#tries = 0;
  };

  #say(message: ToFrame): void {
    this.#port?.postMessage(message);
  }

  #take(said: FromFrame): void {
    switch (said.type) {
      case "size":
        // Never lower than it was: what stands below in the merchant's page stays where it is.
        this.#height = Math.max(this.#height, said.height);
        this.#frame.style.blockSize = `${this.#height}px`;
        return;
      case "title":
        this.#frame.title = this.#words.title(said.title);
        return;
      case "unknown":
        console.error(adviceFor("unknown", this.#gateway, this.#saleId));
        return this.#tell("error", { reason: "unknown" });
      case "told":
        this.#tell(said.name, said.detail);
        if (said.name === "offer") this.#callForAttention();
    }
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`dropgate:${name}`, { detail, bubbles: true, composed: true }));
  }

  /** An offer waits for seconds; but whoever is writing elsewhere in the page is not torn away. */
  #callForAttention(): void {
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body && activeElement !== this) return;
    this.scrollIntoView({ block: "nearest" });
    this.#frame.focus({ preventScroll: true });
    this.#say({ type: "focus" });
  }

  async #fail(): Promise<void> {
    const [gateway, saleId, begun] = [this.#gateway, this.#saleId, this.#begun];
    const trouble = await troubleOf(gateway, saleId);
    // Meanwhile it came after all, was begun anew (the element was moved in its page), or is gone.
    if (this.#port !== null || !this.isConnected || begun !== this.#begun) return;
    this.#frame.hidden = true;
    this.#show(trouble === "unknown" ? this.#words.unknown : this.#words.failed, trouble !== "unknown");
    console.error(adviceFor(trouble, gateway, saleId));
    this.#tell("error", { reason: trouble });
    this.#tries += 1;
    if (trouble !== "away" || this.#tries > AGAIN_MAX) return;
    this.#timer = setTimeout(() => this.#begin(), AGAIN_MS * (1 + Math.random()));
  }

  #show(sentence: string, hasLink: boolean): void {
    this.#note.hidden = false;
    this.#sentence.textContent = sentence;
    this.#link.hidden = !hasLink;
    this.#link.textContent = this.#words.open;
    this.#link.href = `${this.#gateway}/s/${this.#saleId}`;
  }
}

function originOf(address: string): string | null {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address).origin : null;
}

// Loaded twice, the first one stays.
if (customElements.get("dropgate-queue") === undefined)
  customElements.define("dropgate-queue", DropgateQueue);
