// The check before µWebSockets is loaded.
import { describe, expect, it } from "vitest";
import { requireUws, uwsRefusal } from "./require-uws.ts";

describe("µWebSockets.js", () => {
  it("runs on this Node", () => {
    expect(uwsRefusal(process.versions, process.env)).toBeUndefined();
    expect(requireUws().App).toBeTypeOf("function");
  });

  it("is refused on another Node, with what to do about it", () => {
    expect(uwsRefusal({ node: "22.11.0", modules: "127" }, {})).toMatch(
      /Node 20 .* this is Node 22\.11\.0 .*nvm install 20/,
    );
  });

  it("is refused when its imitation is asked for", () => {
    expect(uwsRefusal({ node: "20.20.0", modules: "115" }, { UWS_USE_FALLBACK: "true" })).toMatch(/unset it/);
  });
});
