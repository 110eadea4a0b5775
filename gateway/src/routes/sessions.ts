// Signing in to the console and out again, and one's own password.
import { refuse } from "@dropgate/contracts/refusals";
import { insertOperatorAct } from "@dropgate/sql/operators/acts";
import { endSession, endSessionsOf } from "@dropgate/sql/operators/sessions";
import { countedAs } from "../edge/address.ts";
import type { Call, Handlers } from "../edge/call.ts";
import { isOwnPage, originRules } from "../edge/origins.ts";
import { json } from "../edge/reply.ts";
import type { SignedIn } from "../operators/console-sessions.ts";
import type { Services } from "../services.ts";

type SessionRoutes = Pick<
  Handlers,
  "signIn" | "getSession" | "signOut" | "signOutEverywhere" | "changePassword"
>;

/** Whose session it is: the contract lets nobody else call. */
function signedIn({ who }: Pick<Call, "who">): SignedIn {
  if (who.kind !== "operator") throw new Error("only a session may be asked about itself");
  return who.operator;
}

export function sessionRoutes(services: Services): SessionRoutes {
  const { truth, settings, callers, signIns, log } = services;
  const { sessions } = callers;
  const { cookies } = sessions;
  const origins = originRules(settings.ALLOWED_ORIGINS, settings.PUBLIC_URL);
  // `off` says that addresses are not people's: behind a proxy that hides them all would be one.
  const countAddresses = settings.JOINS_PER_ADDRESS !== null;

  return {
    async signIn(call) {
      const { head } = call;
      // Without it a page elsewhere could sign a browser in as somebody whose password it knows.
      if (!isOwnPage(origins, head)) return refuse("ORIGIN_REFUSED");
      const { email, password } = call.body;
      const address = call.address();
      const { cookie } = head;
      const counted = countAddresses ? countedAs(address) : null;
      const outcome = await signIns.signIn({ email, password, address: counted, cookie });
      if (!outcome.ok) {
        // Not each one that was slowed: whoever floods the door must not flood the log. Nor who it was meant to be.
        if (outcome.refusal === "SIGN_IN_FAILED") log.info({ address }, "somebody could not sign in");
        return outcome;
      }
      const { token, signedIn } = outcome.value;
      log.info({ address, operator: signedIn.operatorId }, "an operator has signed in");
      const isKnown = cookies.device(cookie, email) !== null;
      const headers: [string, string][] = [["set-cookie", cookies.session(token)]];
      if (!isKnown) headers.push(["set-cookie", cookies.newDevice(email)]);
      return { ...json(200, sessions.view(signedIn)), headers };
    },

    getSession: (call) => json(200, sessions.view(signedIn(call))),

    async signOut(call) {
      await endSession(truth, signedIn(call).tokenHash);
      return { ok: true, status: 204, body: "", headers: [["set-cookie", cookies.gone()]] };
    },

    async signOutEverywhere(call) {
      const { operatorId } = signedIn(call);
      const ended = await truth.transaction(async (tx) => {
        const count = await endSessionsOf(tx, operatorId);
        const actor = `operator:${operatorId}`;
        await insertOperatorAct(tx, {
          act: "sessions.ended",
          operatorId,
          actor,
          data: { sessionsEnded: count },
        });
        return count;
      });
      return { ...json(200, { ended }), headers: [["set-cookie", cookies.gone()]] };
    },

    async changePassword(call) {
      const outcome = await signIns.changePassword(signedIn(call), call.body);
      if (!outcome.ok) return outcome;
      const { token, signedIn: renewed } = outcome.value;
      return {
        ...json(200, sessions.view(renewed)),
        headers: [["set-cookie", cookies.session(token)]],
      };
    },
  };
}
