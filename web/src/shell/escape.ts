// Text that others brought, made safe for where it goes in a page.

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for attribute values in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/**
 * JSON inside a script element: no text in it can end the element or begin a comment, and a browser that reads it as
 * JavaScript would read the same.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The picture's stand-in. */
export function firstLetter(title: string): string {
  return /\S/u.exec(title)?.[0].toUpperCase() ?? "";
}
