// Operators for tests: added by the API, signed in from a browser of their own.
import { randomBytes } from "node:crypto";
import type { Role } from "@dropgate/contracts/roles";
import { BOOTSTRAP_KEY, type Stage, type StageRequest, type Told } from "../stage.ts";

const V1 = "/api/v1/admin";

export interface Person {
  id: string;
  email: string;
  password: string;
  /** Of the session. */
  cookie: string;
  csrf: string;
  /** The cookie by which their browser is known, where they signed in the first time. */
  device: string;
  /** By cookie, with the csrf token, as the console's page does. @param path behind /api/v1/admin */
  call(method: string, path: string, request?: StageRequest): Promise<Told>;
}

/** The `name=value` of the cookies that an answer sets, by name. */
export function cookiesOf({ headers }: Told): Map<string, string> {
  return new Map(
    headers.getSetCookie().map((text) => {
      const pair = text.split(";")[0] ?? "";
      return [pair.slice(0, pair.indexOf("=")), pair];
    }),
  );
}

export const newEmail = (): string => `p${randomBytes(6).toString("hex")}@shop.example`;
export const newPassword = (): string => `seven herons ${randomBytes(6).toString("hex")}`;

export class OperatorStage {
  readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** With the bootstrap key. */
  admin(method: string, path: string, body?: unknown): Promise<Told> {
    return this.stage.call(method, `${V1}${path}`, { bearer: BOOTSTRAP_KEY, body });
  }

  signIn(email: string, password: string, request: StageRequest = {}): Promise<Told> {
    return this.stage.call("POST", `${V1}/session`, { body: { email, password }, ...request });
  }

  /** Adds somebody; the password is still the initial one. */
  async add(role: Role, email = newEmail()): Promise<{ id: string; email: string; password: string }> {
    const told = await this.admin("POST", "/operators", { email, role });
    if (told.status !== 201) throw new Error(told.text);
    const { operator, initialPassword } = told.body as { operator: { id: string }; initialPassword: string };
    return { id: operator.id, email, password: initialPassword };
  }

  /** Adds somebody who has signed in and chosen a password. */
  async person(role: Role): Promise<Person> {
    const added = await this.add(role);
    const first = await this.enter(added);
    const password = newPassword();
    const changed = await first.call("POST", "/session/password", {
      body: { currentPassword: added.password, newPassword: password },
    });
    if (changed.status !== 200) throw new Error(changed.text);
    return { ...this.#personOf({ ...added, password }, changed), device: first.device };
  }

  /** One more session of somebody. */
  async enter(who: { id: string; email: string; password: string }): Promise<Person> {
    const told = await this.signIn(who.email, who.password);
    if (told.status !== 200) throw new Error(told.text);
    return this.#personOf(who, told);
  }

  #personOf(who: { id: string; email: string; password: string }, told: Told): Person {
    const cookies = cookiesOf(told);
    const cookie = cookies.get("dropgate_console") ?? "";
    const csrf = String(told.body["csrfToken"]);
    const { stage } = this;
    return {
      ...who,
      cookie,
      csrf,
      device: cookies.get("dropgate_console_device") ?? "",
      call: (method, path, { headers, ...request } = {}) =>
        stage.call(method, `${V1}${path}`, {
          cookie,
          headers: { ...(method !== "GET" && { "x-csrf-token": csrf }), ...headers },
          ...request,
        }),
    };
  }
}
