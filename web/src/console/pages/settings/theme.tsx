// How the waiting room looks and what it says: for all sales, or with `?sale=` for one of them.
import { LANGUAGES, type Language, RIGHT_TO_LEFT } from "@dropgate/contracts/languages";
import type { Theme, ThemeAnswer } from "@dropgate/contracts/theme";
import { SCHEMES, type Scheme } from "@dropgate/contracts/theme-colors";
import { useState } from "react";
import { useActors } from "../../actors/actors.ts";
import { type AnswerOf } from "../../api/call.ts";
import { faultsOf, sentenceOf } from "../../api/problem.ts";
import { useChange, usePages, useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, Refusal, type ShownColumn, Skeleton } from "../../ui/data-table.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { say } from "../../ui/status.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import form from "../sales/sale-form.module.css";
import styles from "./theme.module.css";
import { COLORS, draftOf, faultsOfDraft, isColor, ratioInWords, TEXTS, themeOf } from "./theme-draft.ts";
import type { ThemeField } from "./theme-merge.ts";
import { OWN_COLORS, ThemePreview } from "./theme-preview.tsx";
import { type Met, useThemeDraft } from "./use-theme-draft.ts";
import { SettingsViews } from "./views.tsx";

const LANGUAGE_NAMES = { en: "English", de: "German", es: "Spanish", ja: "Japanese", ar: "Arabic" } as const;
const SCHEME_NAMES = { light: "Light", dark: "Dark" } as const;
const TEXT_NAMES = {
  brand: "Name beside the logo",
  intro: "Sentence below it",
  paused: "While the sale is paused",
  soldOut: "When all is sold",
  thanks: "To who has bought",
} as const;
const COLOR_NAMES = { background: "Background", card: "Card", text: "Text", accent: "Accent" } as const;

/** So soon a colleague's change is told to who writes another one. */
const EVERY_MS = 5_000;

export default function ThemePage() {
  const saleId = useUrlState().read("sale");
  const isOfSale = saleId !== "";
  const general = useRead("getTheme", {}, { everyMs: EVERY_MS });
  const own = useRead("getSaleTheme", { parameters: { saleId } }, { isWanted: isOfSale, everyMs: EVERY_MS });
  const shown = isOfSale ? own : general;
  const failed = [shown, general].find(({ problem }) => problem !== null);
  return (
    <Page
      title={isOfSale ? `Theme of ${saleId}` : "Theme"}
      {...(isOfSale && { above: { name: "Theme for all sales", href: pathTo("theme") } })}
    >
      <SettingsViews />
      {failed !== undefined && failed.problem !== null && (
        <Refusal problem={failed.problem} again={failed.again} />
      )}
      {failed === undefined && (shown.value === undefined || general.value === undefined) && <Skeleton />}
      {/* One look that fails takes no draft away: what is being written stays below the word of it. */}
      {shown.value !== undefined && general.value !== undefined && (
        <ThemeForm
          key={saleId}
          saleId={saleId}
          answer={shown.value}
          general={isOfSale ? general.value.theme : {}}
        />
      )}
      <Changes saleId={saleId} />
    </Page>
  );
}

function ThemeForm({ saleId, answer, general }: { saleId: string; answer: ThemeAnswer; general: Theme }) {
  const { operator } = useSession();
  const barred = byRole(operator.role, "run");
  const touched = ["getTheme", "getSaleTheme", "listThemeChanges"] as const;
  const putAll = useChange("putTheme", touched);
  const putOne = useChange("putSaleTheme", touched);
  const drop = useChange("deleteSaleTheme", touched);
  const { draft, setDraft, isSame, met, saved, takeTheirs } = useThemeDraft(answer);
  const [isDropping, setDropping] = useState(false);
  const [language, setLanguage] = useState<Language>("en");
  const problem = putAll.problem ?? putOne.problem;
  const local = faultsOfDraft(draft);
  const told = faultsOf(problem);
  const faultOf = (pointer: string) => local.get(pointer) ?? told.get(pointer) ?? null;
  const without = saleId === "" ? "Dropgate's own" : "As for all sales";

  async function submit(): Promise<void> {
    if (barred !== null || local.size > 0 || isSame) return;
    const body = themeOf(draft);
    const outcome =
      saleId === "" ? await putAll.run({ body }) : await putOne.run({ parameters: { saleId }, body });
    if (!outcome.ok) return;
    saved(outcome.value);
    say("The theme is saved. Pages that are opened from now on show it.");
  }
  async function dropOwn() {
    const outcome = await drop.run({ parameters: { saleId }, body: {} });
    if (outcome.ok) {
      saved(outcome.value);
      say("The sale uses the general theme again.");
    }
    return outcome;
  }
  function setColor(scheme: Scheme, color: (typeof COLORS)[number], value: string): void {
    const before = draft.colors[scheme] ?? OWN_COLORS[scheme];
    setDraft({ ...draft, colors: { ...draft.colors, [scheme]: { ...before, [color]: value } } });
  }
  return (
    <Form className={form["form"]} onSubmit={submit} label="Theme">
      <div className={form["fields"]}>
        <fieldset className={form["group"]}>
          <legend>Pictures</legend>
          {(["logoUrl", "pictureUrl"] as const).map((name) => (
            <Field
              key={name}
              label={name === "logoUrl" ? "Address of the logo" : "Address of the picture"}
              type="url"
              value={draft[name]}
              onChange={(value) => setDraft({ ...draft, [name]: value })}
              fault={faultOf(`/${name}`)}
              {...(name === "pictureUrl" && { hint: "For sales without a picture of their own." })}
              whyNot={barred}
            />
          ))}
        </fieldset>
        {SCHEMES.map((scheme) => {
          const colors = draft.colors[scheme];
          return (
            <fieldset key={scheme} className={form["group"]}>
              <legend>{SCHEME_NAMES[scheme]} colours</legend>
              <Choice
                label={`${SCHEME_NAMES[scheme]} colours are`}
                value={colors === null ? "without" : "chosen"}
                options={[
                  { value: "without", name: without },
                  { value: "chosen", name: "Chosen here" },
                ]}
                whyNot={barred}
                onChange={(value) => {
                  const first = draftOf(general).colors[scheme] ?? OWN_COLORS[scheme];
                  const next = value === "chosen" ? first : null;
                  setDraft({ ...draft, colors: { ...draft.colors, [scheme]: next } });
                }}
              />
              {colors !== null && (
                <div className={form["pair"]}>
                  {COLORS.map((color) => (
                    <div key={color} className={styles["swatch"]}>
                      <input
                        type="color"
                        aria-label={`Pick: ${COLOR_NAMES[color]}, ${scheme}`}
                        value={isColor(colors[color]) ? colors[color] : "#000000"}
                        disabled={barred !== null}
                        onChange={(event) => setColor(scheme, color, event.target.value)}
                      />
                      <Field
                        label={`${COLOR_NAMES[color]}, ${scheme}`}
                        required
                        value={colors[color]}
                        onChange={(value) => setColor(scheme, color, value)}
                        fault={faultOf(`/colors/${scheme}/${color}`)}
                        hint={ratioInWords(colors, color)}
                        whyNot={barred}
                      />
                    </div>
                  ))}
                </div>
              )}
            </fieldset>
          );
        })}
        <fieldset className={form["group"]}>
          <legend>Texts</legend>
          <Choice
            label="Language"
            value={language}
            options={LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))}
            onChange={setLanguage}
            hint="A language without texts of its own shows the English ones."
          />
          {TEXTS.map((text) => (
            <Field
              key={text}
              label={TEXT_NAMES[text]}
              lang={language}
              {...(RIGHT_TO_LEFT.has(language) && { dir: "rtl" as const })}
              {...(text !== "brand" && { rows: 2 })}
              value={draft.texts[language][text]}
              onChange={(value) => {
                const ofLanguage = { ...draft.texts[language], [text]: value };
                setDraft({ ...draft, texts: { ...draft.texts, [language]: ofLanguage } });
              }}
              fault={faultOf(`/texts/${language}/${text}`)}
              whyNot={barred}
            />
          ))}
        </fieldset>
      </div>
      <div className={form["meaning"]}>
        {met !== null && <Meanwhile met={met} takeTheirs={takeTheirs} />}
        <h2>How it looks</h2>
        <ThemePreview draft={draft} general={draftOf(general)} language={language} />
        {problem !== null && <Notice tone="bad">{sentenceOf(problem)}</Notice>}
        <Button
          type="submit"
          tone="primary"
          isBusy={putAll.isRunning || putOne.isRunning}
          whyNot={barred ?? faultSentence([...local.keys()]) ?? (isSame ? "Nothing is changed yet." : null)}
          showWhyNot
        >
          Save the theme
        </Button>
        {saleId !== "" && (
          <Button
            whyNot={barred ?? (Object.keys(answer.theme).length === 0 ? "It uses the general theme." : null)}
            onPress={() => setDropping(true)}
          >
            Use the general theme again
          </Button>
        )}
        <Confirm
          isOpen={isDropping}
          onClose={() => setDropping(false)}
          onYes={dropOwn}
          question={{
            title: "Use the general theme again?",
            yes: "Use the general theme",
            isDanger: true,
            text: (
              <p>
                The sale's own pictures, colours and texts, in all languages, are gone, and what you have not
                saved with them. Pages that are opened from now on look as for all sales.
              </p>
            ),
          }}
        />
      </div>
    </Form>
  );
}

/** Somebody else has saved meanwhile: what became of the draft, and the way to theirs. */
function Meanwhile({ met: { answer, both }, takeTheirs }: { met: Met; takeTheirs: () => void }) {
  const nameOf = useActors();
  const fields = both.map(fieldInWords).join("; ");
  return (
    <Notice
      tone="warning"
      action={
        <Button size="small" onPress={takeTheirs}>
          Take theirs instead
        </Button>
      }
    >
      This theme was saved at {formats.clock(answer.changedAt ?? "")} by {nameOf(answer.changedBy)}, while you
      were writing. Your draft is kept; what you have not touched is as they have saved it.
      {both.length > 0 && ` You have both changed: ${fields}. Yours stands here, and saving replaces theirs.`}
    </Notice>
  );
}

function fieldInWords(field: ThemeField): string {
  switch (field.kind) {
    case "address":
      return field.name === "logoUrl" ? "the address of the logo" : "the address of the picture";
    case "colors":
      return `the ${field.scheme} colours`;
    case "text":
      return `“${TEXT_NAMES[field.text]}” in ${LANGUAGE_NAMES[field.language]}`;
  }
}

/** Why it cannot be saved; a fault may stand in a language that is not shown. */
function faultSentence(pointers: readonly string[]): string | null {
  const [first] = pointers;
  if (first === undefined) return null;
  const language = LANGUAGES.find((each) => first.startsWith(`/texts/${each}/`));
  if (language !== undefined) return `A text in ${LANGUAGE_NAMES[language]} is too long.`;
  return "Some colours cannot be used. The fields say why.";
}

type ThemeChange = AnswerOf<"listThemeChanges">["items"][number];

function columnsOf(nameOf: (actor: string | null) => string): ShownColumn<ThemeChange>[] {
  return [
    { id: "at", name: "When", text: ({ at }) => at, cell: ({ at }) => <When at={at} /> },
    { id: "who", name: "Who", text: ({ changedBy }) => nameOf(changedBy) },
    { id: "of", name: "Of", text: (change) => change.saleId ?? "All sales" },
    {
      id: "what",
      name: "What",
      text: ({ theme }) => (theme === null ? "The general theme again" : "Changed"),
    },
  ];
}

function Changes({ saleId }: { saleId: string }) {
  const nameOf = useActors();
  const pages = usePages("listThemeChanges", saleId === "" ? {} : { query: { saleId } }, {
    everyMs: EVERY_MS,
  });
  return (
    <Section title="Changes">
      <DataTable<ThemeChange>
        name="Changes of the theme"
        columns={columnsOf(nameOf)}
        pages={pages}
        keyOf={({ version }) => String(version)}
        empty={<p>Nobody has changed it yet.</p>}
      />
    </Section>
  );
}
