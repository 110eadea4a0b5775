// The waiting room as the theme makes it look: drawn by the room's own rules, measures and words, light and dark below each
// other. Nothing in it can be pressed. Colours that people could not read are not shown: what cannot be saved is no preview.
import { type Language, RIGHT_TO_LEFT } from "@dropgate/contracts/languages";
import { contrastFaults, pageColors, SCHEMES } from "@dropgate/contracts/theme-colors";
import { useEffect, useState } from "react";
import card from "../../../card/card.module.css";
import "../../../shell/room.css";
import sheet from "../../../shell/tokens.css?raw";
import { texts as loaded, loadTexts, type Texts } from "../../../texts/texts.ts";
import { Choice } from "../../ui/field.tsx";
import { ownColors, tokensOf } from "./room-tokens.ts";
import styles from "./theme.module.css";
import { COLORS, isColor, type ThemeDraft } from "./theme-draft.ts";

const TOKENS = tokensOf(sheet);
/** What stands where nobody has chosen. */
export const OWN_COLORS = { light: ownColors(TOKENS.light), dark: ownColors(TOKENS.dark) };

const MOMENTS = [
  { value: "line", name: "In line" },
  { value: "turn", name: "At their turn" },
  { value: "paused", name: "While it is paused" },
  { value: "soldOut", name: "When all is sold" },
  { value: "thanks", name: "Has bought" },
] as const;
type Moment = (typeof MOMENTS)[number]["value"];

interface Shown {
  tone: "calm" | "turn" | "done";
  headline: string;
  number: string;
  label: string;
  line: string;
  message: string | undefined;
  action: string | null;
}

const PLACE = 42;
const ESTIMATE = { low: 6, high: 8, unit: "minute", latestAt: 0, grewBy: null } as const;

/** @param own the theme's own words, where it has some */
function shownAt(
  moment: Moment,
  words: Texts,
  own: (text: "paused" | "soldOut" | "thanks") => string | undefined,
): Shown {
  const { headlines, figures, lines, actions } = words;
  const number = String(PLACE);
  const ahead = figures.ahead(PLACE - 1);
  switch (moment) {
    case "line":
      return {
        tone: "calm",
        headline: headlines.waiting,
        number,
        label: ahead,
        line: lines.estimate(ESTIMATE),
        message: undefined,
        action: null,
      };
    case "turn":
      return {
        tone: "turn",
        headline: headlines.offered,
        number: "0:45",
        label: figures.toClaim,
        line: "",
        message: undefined,
        action: actions.claim,
      };
    case "paused":
      return {
        tone: "calm",
        headline: headlines.pausedSafe,
        number,
        label: ahead,
        line: lines.paused,
        message: own("paused"),
        action: null,
      };
    case "soldOut":
      return {
        tone: "calm",
        headline: headlines.soldOut,
        number,
        label: figures.finalPlace,
        line: lines.soldOut,
        message: own("soldOut"),
        action: actions.checkDraw,
      };
    case "thanks":
      return {
        tone: "done",
        headline: headlines.purchased,
        number: "1042",
        label: figures.order,
        line: lines.purchased,
        message: own("thanks"),
        action: null,
      };
  }
}

/** The room's own words in a language; null until they came. */
function useRoomWords(language: Language): Texts | null {
  const [words, setWords] = useState<Texts | null>(null);
  useEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      await loadTexts(language);
      if (isWanted) setWords(loaded);
    };
    void load();
    return () => {
      isWanted = false;
    };
  }, [language]);
  return words;
}

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
  const [moment, setMoment] = useState<Moment>("line");
  const words = useRoomWords(language);
  const text = (name: keyof ThemeDraft["texts"]["en"]) =>
    [draft.texts[language], general.texts[language], draft.texts.en, general.texts.en].find(
      (of) => of[name],
    )?.[name];
  const name = MOMENTS.find(({ value }) => value === moment)?.name.toLowerCase();
  return (
    <>
      <Choice label="What a shopper sees" value={moment} options={MOMENTS} onChange={setMoment} />
      {words !== null &&
        SCHEMES.map((scheme) => {
          const chosen = draft.colors[scheme] ?? general.colors[scheme];
          const isGood =
            chosen !== null &&
            COLORS.every((color) => isColor(chosen[color])) &&
            contrastFaults(scheme, chosen).length === 0;
          const colors = isGood
            ? Object.fromEntries(
                Object.entries(pageColors(chosen)).map(([key, value]) => [`--${key}`, value]),
              )
            : {};
          return (
            <figure key={scheme} className={styles["preview"]} aria-label={`Preview, ${scheme}: ${name}`}>
              <div
                className={styles["room"]}
                style={{ ...TOKENS[scheme], ...colors, colorScheme: scheme }}
                lang={language}
                dir={RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr"}
              >
                <Room
                  logo={draft.logoUrl || general.logoUrl}
                  picture={draft.pictureUrl || general.pictureUrl}
                  brand={text("brand")}
                  intro={text("intro")}
                  shown={shownAt(moment, words, text)}
                  ticket={moment === "line" ? words.ticket(PLACE) : null}
                />
              </div>
              {chosen !== null && !isGood && (
                <figcaption className="soft">
                  In Dropgate's own colours: in the {scheme} ones chosen here people could not read it.
                </figcaption>
              )}
            </figure>
          );
        })}
    </>
  );
}

interface RoomProps {
  logo: string;
  picture: string;
  brand: string | undefined;
  intro: string | undefined;
  shown: Shown;
  ticket: string | null;
}

/** In the markup of render-shell.ts and card.tsx, with nothing to press. */
function Room({ logo, picture, brand, intro, shown, ticket }: RoomProps) {
  const length = shown.number.length > 8 ? "long" : "short";
  return (
    <>
      {(logo !== "" || brand !== undefined || intro !== undefined) && (
        <div className="dg-brand">
          {(logo !== "" || brand !== undefined) && (
            <p className="dg-brand-name">
              {logo !== "" && <img className="dg-logo" src={logo} alt="" />}
              {brand !== undefined && <span>{brand}</span>}
            </p>
          )}
          {intro !== undefined && <p className="dg-intro">{intro}</p>}
        </div>
      )}
      {picture !== "" && (
        <div className="dg-picture">
          <img className="dg-image" src={picture} alt="" />
        </div>
      )}
      <div className={`dg-card ${card["card"]}`} data-tone={shown.tone}>
        <div className={card["top"]}>
          <p className="dg-headline">{shown.headline}</p>
          {ticket !== null && <p className={card["ticket"]}>{ticket}</p>}
        </div>
        <p className={card["figure"]}>
          <strong className={card["number"]} data-length={length}>
            {shown.number}
          </strong>{" "}
          <span className={card["label"]}>{shown.label}</span>
        </p>
        {shown.line !== "" && (
          <div className={card["lines"]}>
            <p>{shown.line}</p>
          </div>
        )}
        {shown.message !== undefined && <p className="dg-message">{shown.message}</p>}
        {shown.action !== null && (
          <div className={card["actions"]}>
            <span className={card["primary"]}>{shown.action}</span>
          </div>
        )}
      </div>
    </>
  );
}
