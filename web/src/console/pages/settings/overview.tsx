// What can be set, and where what is not set here is set.

import { useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { useSession } from "../../session/session.ts";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { formats } from "../../ui/formats.ts";
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
      <BotDefence />
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

/** What stands against crowds that are none. It is set by the environment and by each sale, so it is only shown. */
function BotDefence() {
  const { value, problem, again } = useRead("getBotDefence", {});
  if (problem !== null) return <Refusal problem={problem} again={again} />;
  if (value === undefined) return <Skeleton lines={3} />;
  const rate = (limit: { perSecond: number; burst: number } | null): string =>
    limit === null
      ? "off"
      : `${formats.rate(limit.perSecond)} a second, ${formats.number(limit.burst)} at once`;
  return (
    <Section title="Against bots">
      <Card>
        <Facts
          facts={[
            ["Joins of one address", rate(value.joinsPerAddress)],
            ["Joins of one shopper", rate(value.joinsPerShopper)],
            ["Believed proxies", value.trustedProxies.join(", ") || "none"],
            ["Other pages that may connect", value.allowedOrigins.join(", ") || "none"],
            ...value.sales.map(
              ({ title, identity, challenge, limitPerShopper }) =>
                [
                  title,
                  `${identity === "merchant" ? "signed-in customers only" : "anybody"}, puzzle ${challenge}, ${formats.count(limitPerShopper, "unit")} each`,
                ] as const,
            ),
          ]}
        />
        <p className="soft">
          The first four are settings of the gateway; what a sale asks is in its settings.
        </p>
      </Card>
    </Section>
  );
}
