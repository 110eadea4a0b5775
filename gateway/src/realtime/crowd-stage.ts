// A gateway, a real worker and shoppers who join by HTTP and listen by socket: what the socket tests play on.
import type { AdminSale } from "@dropgate/contracts/sale";
import { BOOTSTRAP_KEY, openStage, type Stage, type StageStores } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";
import { Ear } from "./ear.ts";

export interface Place {
  saleId: string;
  entryId: string;
  token: string;
  cookie: string;
}

export class CrowdStage {
  readonly stage: Stage;
  readonly #ears: Ear[] = [];

  private constructor(stage: Stage) {
    this.stage = stage;
  }

  static async open(stores: StageStores, env: Record<string, string> = {}): Promise<CrowdStage> {
    const stage = await openStage(stores, env);
    await stage.worker();
    return new CrowdStage(stage);
  }

  get gateway(): Gateway {
    return this.stage.gateway;
  }

  /** A fresh shopper joins. */
  async join(saleId: string): Promise<Place> {
    const cookie = await this.stage.cookie(saleId);
    const joined = await this.stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie, body: {} });
    if (joined.status !== 201) throw new Error(joined.text);
    const { entryId, token } = joined.body as { entryId: string; token: string };
    return { saleId, entryId, token, cookie };
  }

  async listen(auth: Record<string, string>, at: Gateway = this.gateway): Promise<Ear> {
    const ear = await Ear.open(at, auth);
    this.#ears.push(ear);
    return ear;
  }

  /** A fresh shopper who joins and listens. */
  async shopper(saleId: string): Promise<Place & { ear: Ear }> {
    const place = await this.join(saleId);
    return { ...place, ear: await this.listen({ token: place.token }) };
  }

  sale(over: Parameters<Stage["sale"]>[0] = {}): Promise<AdminSale> {
    return this.stage.sale({ admission: { ratePerSecond: 1000, burst: 1000 }, ...over });
  }

  async act(saleId: string, act: "draw" | "open" | "pause" | "resume" | "close", body = {}): Promise<void> {
    const { status, text } = await this.stage.call("POST", `/api/v1/admin/sales/${saleId}/actions/${act}`, {
      bearer: BOOTSTRAP_KEY,
      body,
    });
    if (status !== 200) throw new Error(text);
  }

  /** The lobby is drawn and offers are made. */
  async begin(saleId: string): Promise<void> {
    await this.act(saleId, "draw");
    await this.act(saleId, "open");
  }

  /** The shop says so of a hold: payment, confirm, release, cancel. */
  async shop(holdId: string, act: "payment" | "confirm" | "release" | "cancel", body = {}): Promise<void> {
    const { status, text } = await this.stage.call("POST", `/api/v1/holds/${holdId}/${act}`, {
      bearer: BOOTSTRAP_KEY,
      body,
    });
    if (status !== 200) throw new Error(text);
  }

  /** Rules that a connection of this test saw broken. */
  faults(): string[] {
    return this.#ears.flatMap((ear) => ear.faults);
  }

  /** Ends the test's connections. */
  leave(): void {
    for (const ear of this.#ears.splice(0)) ear.close();
  }

  async close(): Promise<void> {
    this.leave();
    await this.stage.stop();
  }
}
