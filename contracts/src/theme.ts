// How an operator makes the waiting room look and sound like their shop: a logo, a picture, colours and some texts. All
// of it is data that the gateway shows; none of it can be a script, a style sheet or markup.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { LANGUAGES, type Language } from "./languages.ts";
import type { Scheme, SchemeColors } from "./theme-colors.ts";
import { THEME_TEXTS, type ThemeText } from "./theme-texts.ts";
import { addressSchema, broughtText, idSchema, timeSchema } from "./values.ts";

const colorSchema = z.string().regex(/^#[0-9a-fA-F]{6}$/, "a colour as #rrggbb");

const schemeColorsSchema = z.strictObject({
  background: colorSchema,
  card: colorSchema,
  text: colorSchema,
  accent: colorSchema,
}) satisfies z.ZodType<SchemeColors>;

export type ThemeTexts = { [Text in ThemeText]?: string | undefined };

/** What of a theme the page's script needs: the picture, and what the card says in the operator's words. */
export type RoomTheme = Pick<ThemeTexts, "paused" | "soldOut" | "thanks"> & { pictureUrl?: string };

const themeTextsSchema = z.strictObject({
  /** Beside the logo. */
  brand: broughtText(THEME_TEXTS.brand).optional(),
  /** Below it, on every page. */
  intro: broughtText(THEME_TEXTS.intro).optional(),
  /** In the card while the sale is paused, unless the sale has a message of its own. */
  paused: broughtText(THEME_TEXTS.paused).optional(),
  soldOut: broughtText(THEME_TEXTS.soldOut).optional(),
  /** For who has bought. */
  thanks: broughtText(THEME_TEXTS.thanks).optional(),
});

/** What is absent is as Dropgate has it; of a sale's theme, as the theme for all sales has it. */
export const themeSchema = z.strictObject({
  /** An address, as a product's picture: nothing is uploaded, so nothing that others could open is served from here. */
  logoUrl: addressSchema.optional(),
  /** For sales that have no picture of their own. */
  pictureUrl: addressSchema.optional(),
  /** All four of a scheme or none: which stands on which is judged together. */
  colors: z
    .strictObject({ light: schemeColorsSchema.optional(), dark: schemeColorsSchema.optional() })
    .optional(),
  texts: z
    .strictObject(
      Object.fromEntries(LANGUAGES.map((language) => [language, themeTextsSchema.optional()])) as Record<
        Language,
        z.ZodOptional<typeof themeTextsSchema>
      >,
    )
    .optional(),
});
export type Theme = z.infer<typeof themeSchema>;
export type ThemeColors = Partial<Record<Scheme, SchemeColors | undefined>>;

export const themeAnswerSchema = z.object({
  theme: themeSchema,
  /** Raised by each change; 0: nobody has made one. */
  version: z.number().int(),
  changedAt: timeSchema.nullable(),
  changedBy: z.string().nullable(),
});
export type ThemeAnswer = z.infer<typeof themeAnswerSchema>;

/** `saleId` null: the theme for all sales. `theme` null: the sale's own was taken away. */
export const themeChangeSchema = z.object({
  version: z.number().int(),
  at: timeSchema,
  saleId: idSchema.nullable(),
  changedBy: z.string(),
  theme: themeSchema.nullable(),
});
/** The newest first. */
export const themeChangeListSchema = z.object({
  items: z.array(themeChangeSchema),
  nextCursor: z.string().nullable(),
});
export const themeChangeQuerySchema = pageQuerySchema.extend({ saleId: idSchema.optional() });
