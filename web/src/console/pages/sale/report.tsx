// The report as a page to print or to keep as PDF: whose sale, what holds, with what evidence, and when it was looked at.

import { useParams } from "wouter";
import { useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { Button } from "../../ui/button.tsx";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import styles from "./proof.module.css";
import { ReportChecks, verdictOf } from "./report-checks.tsx";

export default function ReportPage() {
  const { saleId } = useParams<{ saleId: string }>();
  const sale = useRead("getAdminSale", { parameters: { saleId } });
  const report = useRead("getReport", { parameters: { saleId } });
  const problem = sale.problem ?? report.problem;
  const above = { name: "Proof", href: pathTo("saleProof", { saleId }) };
  if (sale.value === undefined || report.value === undefined) {
    return (
      <Page title="Report" above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={report.again} />}
      </Page>
    );
  }
  const { title, sku, schedule, quantity, limitPerShopper, draw, kind } = sale.value;
  const facts: [string, string][] = [
    ["Sale", `${title} (${saleId})`],
    ["What was sold", `${sku}, ${formats.count(quantity, "unit")}, ${limitPerShopper} for one shopper`],
    ["Opened", formats.exact(schedule.opensAt)],
    ["Closes", formats.exact(schedule.closesAt)],
    ...(kind === "lottery"
      ? ([["Fingerprint of the draw", draw.commitment]] satisfies [string, string][])
      : []),
    [
      "Sold, held, free, returned",
      ["sold", "held", "free", "returned"]
        .map((key) => formats.number(report.value?.[key as "sold"] ?? 0))
        .join(", "),
    ],
    ["Recomputed from PostgreSQL", formats.exact(report.value.at)],
  ];
  return (
    <Page
      title={`Report: ${title}`}
      above={above}
      actions={
        <span className={styles["noPrint"]}>
          <Button tone="primary" onPress={() => print()}>
            Print
          </Button>
        </span>
      }
    >
      <article className={styles["sheet"]}>
        <Notice tone={report.value.ok ? "good" : "bad"}>{verdictOf(report.value)}</Notice>
        <dl className={styles["facts"]}>
          {facts.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <Section title="What was looked at">
          <ReportChecks report={report.value} />
        </Section>
      </article>
    </Page>
  );
}
