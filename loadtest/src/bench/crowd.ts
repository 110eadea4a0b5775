// Sockets that stay, spread over processes so that none needs more file descriptors than it may have.
import type { Bench } from "./bench.ts";
import type { Child } from "./child.ts";
import type { CrowdWanted } from "./load/crowd-process.ts";

/** Half of what a process may usually open. */
const SOCKETS_PER_PROCESS = 8_000;

export class Crowd {
  readonly #processes: Child[];

  private constructor(processes: Child[]) {
    this.#processes = processes;
  }

  /** @param size the most sockets it will be asked for */
  static async start(bench: Bench, size: number): Promise<Crowd> {
    const count = Math.max(1, Math.ceil(size / SOCKETS_PER_PROCESS));
    const script = "loadtest/src/bench/load/crowd-process.ts";
    return new Crowd(await Promise.all(Array.from({ length: count }, () => bench.start({ script }))));
  }

  /** @throws Error when not every socket came in */
  async open(wanted: CrowdWanted): Promise<void> {
    const { hellos } = wanted;
    const share = Math.ceil(hellos.length / this.#processes.length);
    const opened = await Promise.all(
      this.#processes.map((child, i) =>
        child.ask("open", { ...wanted, hellos: hellos.slice(i * share, (i + 1) * share) }),
      ),
    );
    const all = opened.reduce((sum: number, count) => sum + Number(count), 0);
    if (all !== hellos.length) {
      const { broken } = await this.heard();
      throw new Error(`of ${hellos.length} sockets ${all} came in: ${broken}`);
    }
  }

  /** Counted frames since `open`, and why the first socket broke if one did. */
  async heard(): Promise<{ heard: number; broken: string | null }> {
    const said = (await Promise.all(this.#processes.map((child) => child.ask("heard")))) as {
      heard: number;
      broken: string | null;
    }[];
    return {
      heard: said.reduce((sum, { heard }) => sum + heard, 0),
      broken: said.find(({ broken }) => broken !== null)?.broken ?? null,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((child) => child.ask("close")));
  }
}
