// The Japanese words around a check of the draw.
import type { DrawTexts } from "./en-draw.ts";
import { formatsFor } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("ja");
const counts = {
  more: { other: "ほか{n}件" },
  valid: { other: "すべて正しいです。{n}件の番号を、このブラウザーで計算し直しました。" },
  open: {
    other:
      "ここまでは正しいです（{n}件の番号）。残りは、販売が終了して秘密の数が公開された後に確かめられます。",
  },
} satisfies CountsIn<"ja">;

export const jaDraw: DrawTexts = {
  counts,
  progressLabel: "抽選を確かめています",
  reading: (checked, of) => `${f.number(of)}件中${f.number(checked)}件の番号を計算し直しました…`,
  stop: "中止する",
  stopped: "確認を途中で中止しました。証明が正しいかどうかは、まだ分かりません。",
  again: "もう一度確かめる",
  away: "ただいま証明を読み込めませんでした。証明そのものに問題は見つかっていません。もう一度お試しください。",
  verdicts: {
    valid: (entries) => f.count(entries, counts.valid),
    open: (entries) => f.count(entries, counts.open),
    invalid: "この証明は正しくありません。問題の箇所を下に示しました。ショップにお知らせください。",
  },
  marks: { passed: "正しい", failed: "正しくない", later: "後で" },
  own: (claimed, recomputed) =>
    recomputed === null
      ? `一覧でのあなたの番号：${f.number(claimed)}。`
      : `一覧でのあなたの番号：${f.number(claimed)}。計算し直した番号：${f.number(recomputed)}。`,
  notListed: "あなたの参加は、公開された一覧にまだ載っていません。",
  more: (count) => f.count(count, counts.more),
  fingerprints: {
    commitment: "秘密の数の指紋",
    secret: "秘密の数",
    digest: "あなたの一覧の指紋",
    key: "あなたの番号の元になる値",
  },
  checks: {
    file: {
      passed: "抽選のファイルは完全で、範囲内です。",
      failed: "抽選のファイルを読み取れません。",
    },
    algorithm: {
      passed: "方式はdropgate-draw-1です。",
      failed: "方式が異なります。",
    },
    noted: {
      passed: "指紋は、控えておいたものと同じです。",
      failed: "指紋が、控えておいたものと異なります。",
    },
    commitment: {
      passed: "秘密の数は、指紋が公開されていたものです。",
      failed: "秘密の数は、指紋が公開されていたものではありません。",
      later: "秘密の数は、販売の終了時に公開されます。",
    },
    buckets: {
      passed: "番号は1から始まり、一覧から一覧へ途切れなく続いています。",
      failed: "一覧が正しくつながっていません。",
    },
    seeds: {
      passed: "どの一覧の順番も、秘密の数と一覧の指紋から決まっています。",
      failed: "秘密の数と一覧の指紋から決まっていない順番があります。",
      later: "順番が秘密の数から決まったかどうかは、販売の終了後に確かめられます。",
    },
    lines: {
      passed: "一覧のすべての行を読み取れます。",
      failed: "読み取れない行があります。",
    },
    membership: {
      passed: "どの参加も、ちょうど一つの一覧に載っています。",
      failed: "二度抽選された参加か、存在しない一覧に載った参加があります。",
    },
    counts: {
      passed: "どの一覧の件数も、記載のとおりです。",
      failed: "件数が記載と異なる一覧があります。",
    },
    digests: {
      passed: "どの一覧も、抽選の前に封印されたものです。",
      failed: "抽選の前に封印されたものと異なる一覧があります。",
    },
    tickets: {
      passed: "どの番号も、ちょうど一度だけ渡されています。",
      failed: "欠けた番号、重複した番号、または無関係な番号があります。",
    },
    order: {
      passed: "どの番号も、抽選の結果のとおりです。",
      failed: "抽選の結果と異なる番号があります。",
      later: "順番は、販売の終了後に確かめられます。",
    },
  },
};
