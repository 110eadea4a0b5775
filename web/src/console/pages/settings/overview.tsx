// What can be set, and where what is not set here is set.
import { byRole } from "../../may/may.ts";
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
      <Section title="Behind the console">
        <Card>
          <ul className="stack">
            <li>
              <a href="/docs">The reference of the API</a>
            </li>
            <li>
              <a href="/metrics">Metrics of this gateway</a>
            </li>
          </ul>
        </Card>
      </Section>
    </Page>
  );
}
