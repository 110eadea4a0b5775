// How the machine does under it: who is connected, how fast answers are, what is refused, and whether both stores are well.
import { REFUSALS } from "@dropgate/contracts/refusals";
import type { LiveMetrics } from "@dropgate/contracts/sale-metrics";
import { formats } from "../../ui/formats.ts";
import { Section } from "../../ui/page.tsx";
import { Stat, Stats } from "../../ui/stat.tsx";
import styles from "./pulse.module.css";

const SHOWN = 6;
/** Slower answers than these are seen by shoppers. */
const SLOW_P99_MS = 1_000;
const SLOW_STORE_MS = 250;

/** @param metrics null while the live link is away: nobody else tells of the machine */
export function Pulse({ metrics }: { metrics: LiveMetrics | null }) {
  if (metrics === null) {
    return (
      <Section title="The machine">
        <p className="soft">Told by the live link alone: it is shown as soon as the link is up.</p>
      </Section>
    );
  }
  const { clients, gateways, latency, rejections, health } = metrics;
  return (
    <Section title="The machine">
      <Stats>
        <Stat
          name="Connected"
          value={formats.number(clients)}
          more={`at ${formats.count(gateways, "gateway")}`}
        />
        <Stat name="Calls a second" value={formats.rate(latency.requestsPerSecond)} />
        <Stat name="Half of answers within" value={orDash(latency.p50Ms)} more="p50" />
        <Stat
          name="99 of 100 within"
          value={orDash(latency.p99Ms)}
          more="p99"
          tone={(latency.p99Ms ?? 0) > SLOW_P99_MS ? "warning" : "plain"}
        />
        <Store name="Redis" {...health.redis} />
        <Store name="PostgreSQL" {...health.postgresql} />
      </Stats>
      <table className={styles["rejections"]}>
        <caption>Refused, of all sales</caption>
        <thead>
          <tr>
            <th scope="col">Why</th>
            <th scope="col">a second</th>
            <th scope="col">in all</th>
          </tr>
        </thead>
        <tbody>
          {rejections.length === 0 && (
            <tr>
              <td colSpan={3}>Nothing was refused.</td>
            </tr>
          )}
          {rejections.slice(0, SHOWN).map(({ code, perSecond, total }) => (
            <tr key={code}>
              <td>{reasonOf(code)}</td>
              <td>{formats.rate(perSecond)}</td>
              <td>{formats.number(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function reasonOf(code: string): string {
  return code in REFUSALS ? REFUSALS[code as keyof typeof REFUSALS].title : code;
}

function orDash(milliseconds: number | null): string {
  return milliseconds === null ? "–" : formats.latency(milliseconds);
}

function Store({ name, ok, ms }: { name: string; ok: boolean; ms: number | null }) {
  if (!ok) return <Stat name={name} value="Away" tone="bad" more="Places are safe; new offers wait." />;
  const isSlow = (ms ?? 0) > SLOW_STORE_MS;
  return (
    <Stat name={name} value={isSlow ? "Slow" : "Well"} tone={isSlow ? "warning" : "good"} more={orDash(ms)} />
  );
}
