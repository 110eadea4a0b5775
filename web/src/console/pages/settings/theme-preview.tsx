// The waiting room in small, in the colours that its page would have; light and dark side by side.
import { type Language, RIGHT_TO_LEFT } from "@dropgate/contracts/languages";
import { pageColors, SCHEMES, type Scheme, type SchemeColors } from "@dropgate/contracts/theme-colors";
import styles from "./theme.module.css";
import { COLORS, isColor, type ThemeDraft } from "./theme-draft.ts";

/** Dropgate's own (web/src/shell/tokens.css); its buttons are ink, and a chosen theme has one accent for both. */
export const OWN_COLORS: Record<Scheme, SchemeColors> = {
  light: { background: "#f5f3ef", card: "#ffffff", text: "#1d1b18", accent: "#0b6b49" },
  dark: { background: "#141312", card: "#1f1d1b", text: "#f4f1eb", accent: "#5ccf9c" },
};

/** @param general what stands where the draft says nothing */
export function ThemePreview({
  draft,
  general,
  language,
}: {
  draft: ThemeDraft;
  general: ThemeDraft;
  language: Language;
}) {
  const text = (name: "brand" | "intro") =>
    [draft.texts[language], general.texts[language], draft.texts.en, general.texts.en].find(
      (of) => of[name],
    )?.[name];
  const logo = draft.logoUrl || general.logoUrl;
  const picture = draft.pictureUrl || general.pictureUrl;
  return (
    <div className={styles["previews"]}>
      {SCHEMES.map((scheme) => {
        const chosen = draft.colors[scheme] ?? general.colors[scheme] ?? OWN_COLORS[scheme];
        const isWhole = COLORS.every((color) => isColor(chosen[color]));
        const colors = Object.entries(pageColors(isWhole ? chosen : OWN_COLORS[scheme]));
        const style = Object.fromEntries(colors.map(([name, value]) => [`--room-${name}`, value]));
        return (
          <figure
            key={scheme}
            className={styles["room"]}
            style={style}
            lang={language}
            dir={RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr"}
            aria-label={`Preview, ${scheme}`}
          >
            {logo !== "" && <img src={logo} alt="" />}
            <strong>{text("brand") ?? "Dropgate"}</strong>
            {text("intro") !== undefined && <span>{text("intro")}</span>}
            <div className={styles["inside"]} lang="en" dir="ltr">
              {picture !== "" && <img src={picture} alt="" />}
              <strong>You are number 42</strong>
              <p>About 3 minutes</p>
              <span className={styles["press"]}>Go to checkout</span>
            </div>
          </figure>
        );
      })}
    </div>
  );
}
