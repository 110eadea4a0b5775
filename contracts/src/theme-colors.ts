// An operator's colours: whether people can read them, and what else of the page follows from them. The contrast is
// WCAG 2.2's (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). No schemas here, so that pages may have it.

/** Of one scheme, each as `#rrggbb`. */
export interface SchemeColors {
  /** Behind everything. */
  background: string;
  /** Behind what the card says. */
  card: string;
  text: string;
  /** Buttons, and the card when it is the shopper's turn. */
  accent: string;
}
export const SCHEMES = ["light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** WCAG 1.4.3, for text of any size. */
export const TEXT_CONTRAST_MIN = 4.5;
/** WCAG 1.4.11, for buttons, bars and the focus; and 1.4.3 for large figures. */
export const SHAPE_CONTRAST_MIN = 3;

export interface ContrastFault {
  scheme: Scheme;
  /** The colour that is too near to another. */
  color: "text" | "accent";
  on: "background" | "card";
  /** Of two digits, rounded down: what is refused never looks as if it were enough. */
  ratio: number;
  needed: number;
}

const PAIRS = [
  { color: "text", on: "background", needed: TEXT_CONTRAST_MIN },
  { color: "text", on: "card", needed: TEXT_CONTRAST_MIN },
  { color: "accent", on: "background", needed: SHAPE_CONTRAST_MIN },
  { color: "accent", on: "card", needed: SHAPE_CONTRAST_MIN },
] as const;

/** The pairs that people could not read or make out; empty: all can. */
export function contrastFaults(scheme: Scheme, colors: SchemeColors): ContrastFault[] {
  return PAIRS.flatMap(({ color, on, needed }) => {
    const ratio = contrast(colors[color], colors[on]);
    return ratio >= needed ? [] : [{ scheme, color, on, needed, ratio: Math.floor(ratio * 100) / 100 }];
  });
}

/** 1 to 21, of two colours as `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG's relative luminance of sRGB. */
function luminance(color: string): number {
  const [red, green, blue] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(color: string): [number, number, number] {
  const number = Number.parseInt(color.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** @param share of `other`, 0 to 1 */
export function mix(one: string, other: string, share: number): string {
  const to = channelsOf(other);
  const mixed = channelsOf(one).map((channel, i) => Math.round(channel + ((to[i] ?? 0) - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

const STEP = 0.05;

/** The colour, moved towards another only as far as it must be to be told from all of `on`. */
function legible(color: string, on: readonly string[], needed: number, towards: string): string {
  for (let share = 0; share < 1; share += STEP) {
    const moved = mix(color, towards, share);
    if (on.every((under) => contrast(moved, under) >= needed)) return moved;
  }
  return towards;
}

/** A surface tinted as far as what stands on it can still be told from it. @param over with what each needs */
function tinted(
  surface: string,
  tint: string,
  share: number,
  over: readonly (readonly [color: string, needed: number])[],
): string {
  for (let left = share; left > 0; left -= 0.02) {
    const ground = mix(surface, tint, left);
    if (over.every(([color, needed]) => contrast(ground, color) >= needed)) return ground;
  }
  return surface;
}

/** One of the two has 4.58 to 1 or more on any colour. */
function blackOrWhite(on: string): string {
  return contrast("#ffffff", on) >= contrast("#000000", on) ? "#ffffff" : "#000000";
}

const AMBER = "#b36b00";
const RED = "#c5281f";

/**
 * Every custom property of the page that has a colour (web/src/shell/tokens.css), from the operator's four. Whatever
 * they are, if they passed `contrastFaults`, text has its contrast on each surface that it may stand on.
 */
export function pageColors({ background, card, text, accent }: SchemeColors): Record<string, string> {
  const onAccent = blackOrWhite(accent);
  const hover = mix(accent, text, 0.15);
  const isRead = [text, TEXT_CONTRAST_MIN] as const;
  const turnSoft = tinted(card, accent, 0.12, [isRead]);
  const amberSoft = tinted(card, AMBER, 0.12, [isRead]);
  const redSoft = tinted(card, RED, 0.12, [isRead]);
  // Under a bar of the accent, too.
  const faint = tinted(card, text, 0.14, [isRead, [accent, SHAPE_CONTRAST_MIN]]);
  const grounds = [background, card, turnSoft, amberSoft, redSoft];
  const isHoverSeen =
    contrast(hover, onAccent) >= TEXT_CONTRAST_MIN &&
    [background, card].every((ground) => contrast(hover, ground) >= SHAPE_CONTRAST_MIN);
  const accentHover = isHoverSeen ? hover : accent;
  const amber = legible(AMBER, [background, card, amberSoft], TEXT_CONTRAST_MIN, text);
  const red = legible(RED, [background, card, redSoft], TEXT_CONTRAST_MIN, text);
  // A button in these bears the soft one as its text.
  const hovered = (color: string, soft: string): string => {
    const moved = mix(color, text, 0.15);
    return contrast(moved, soft) >= TEXT_CONTRAST_MIN ? moved : color;
  };
  return {
    paper: background,
    card,
    ink: text,
    soft: legible(mix(text, card, 0.35), grounds, TEXT_CONTRAST_MIN, text),
    faint,
    line: legible(mix(text, card, 0.5), grounds, SHAPE_CONTRAST_MIN, text),
    fill: accent,
    "on-fill": onAccent,
    "fill-hover": accentHover,
    turn: accent,
    "turn-text": legible(accent, [background, card, turnSoft], TEXT_CONTRAST_MIN, text),
    "turn-soft": turnSoft,
    "turn-hover": accentHover,
    "on-turn": onAccent,
    "on-turn-soft": legible(mix(onAccent, accent, 0.12), [accent], TEXT_CONTRAST_MIN, onAccent),
    amber,
    "amber-hover": hovered(amber, amberSoft),
    "amber-soft": amberSoft,
    red,
    "red-hover": hovered(red, redSoft),
    "red-soft": redSoft,
    picture: mix(background, text, 0.06),
    focus: legible(accent, grounds, SHAPE_CONTRAST_MIN, text),
  };
}
