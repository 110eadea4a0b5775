// What can be set, and where what is not set here is set.
import { Link } from "wouter";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Card, Facts } from "../../ui/facts.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { SettingsViews } from "./views.tsx";

export default function Overview() {
  const { operator, scopes } = useSession();
  const barred = byRole(operator.role, "administer");
  return (
    <Page title="Settings">
      <SettingsViews />
      {barred !== null && <Notice tone="plain">{barred}</Notice>}
      <Section title="You">
        <Card>
          <Facts
            facts={[
              ["Name", operator.name],
              ["E-mail address", operator.email],
              ["Role", operator.role],
              ["May", scopes.join(", ")],
            ]}
          />
        </Card>
      </Section>
      <Section title="What can be set">
        <Card>
          <Facts
            facts={PARTS.map(({ name, href, text }) => [name, <Part key={href} href={href} text={text} />])}
          />
        </Card>
      </Section>
      <Section title="Behind the console">
        <Card>
          <ul className="stack">
            <li>
              <a href="/docs">The reference of the API</a>
            </li>
            {barred === null && (
              <li>
                <a href="/console/queues">The queues of the workers</a>
              </li>
            )}
            <li>
              <a href="/metrics">Metrics of this gateway</a>
            </li>
          </ul>
        </Card>
      </Section>
    </Page>
  );
}

const PARTS: readonly { name: string; href: string; text: string }[] = [
  { name: "Operators", href: pathTo("operators"), text: "Who may sign in here, and as what." },
  { name: "API keys", href: pathTo("keys"), text: "What merchants' servers and scripts call with." },
  { name: "Shopper keys", href: pathTo("shopperKeys"), text: "By which a shop says who its customer is." },
  { name: "Signing keys", href: pathTo("signingKeys"), text: "By which a checkout knows a winner's pass." },
  { name: "Webhooks", href: pathTo("webhooks"), text: "Who is told when something has happened." },
  { name: "Bot defence", href: pathTo("botDefence"), text: "What keeps one person at one place." },
  { name: "Theme", href: pathTo("theme"), text: "How the waiting room looks, and what it says." },
  {
    name: "Warehouse secrets",
    href: pathTo("locations"),
    text: "What a location shares with its warehouse, at each location.",
  },
  {
    name: "Acts",
    href: pathTo("audit", {}, { of: "settings" }),
    text: "Who made, changed or took away what of this.",
  },
];

function Part({ href, text }: { href: string; text: string }) {
  return <Link href={href}>{text}</Link>;
}
