// What each role may call, told call by call for what is not plain looking or plain running.
import { describe, expect, it } from "vitest";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { consoleScopeOf, ROLES, type Role, roleMay, SCOPES_OF_ROLE } from "./roles.ts";

const endpoints: [string, Endpoint][] = Object.entries(ENDPOINTS);

function mayCall(role: Role): string[] {
  return endpoints.flatMap(([name, endpoint]) => {
    const scope = consoleScopeOf(endpoint);
    return scope !== null && roleMay(role, scope) ? [name] : [];
  });
}

/** What a role may that the one before it may not. */
function added(role: Role): string[] {
  const before = ROLES[ROLES.indexOf(role) - 1];
  const less = new Set(before === undefined ? [] : mayCall(before));
  return mayCall(role).filter((name) => !less.has(name));
}

describe("roles", () => {
  it("each may all that those before it may", () => {
    for (const [i, role] of ROLES.slice(1).entries()) {
      const before = ROLES[i] ?? role;
      expect(SCOPES_OF_ROLE[role]).toEqual(expect.arrayContaining([...SCOPES_OF_ROLE[before]]));
      expect(SCOPES_OF_ROLE[role].length).toBeGreaterThan(SCOPES_OF_ROLE[before].length);
    }
  });

  it("a viewer changes nothing", () => {
    const changes = mayCall("viewer").filter(
      (name) => ENDPOINTS[name as keyof typeof ENDPOINTS].method !== "GET",
    );
    expect(changes).toEqual(["planFulfilment"]);
    expect(mayCall("viewer")).toEqual(
      expect.arrayContaining(["listAdminSales", "getAudit", "listLevels", "listOperatorNames"]),
    );
  });

  it("an operator runs sales and stock", () => {
    expect(added("operator")).toEqual(
      expect.arrayContaining(["createSale", "actOnSale", "putAdmission", "adjustPool", "createAdjustment"]),
    );
  });

  it("an approver decides on corrections besides, and on nothing else", () => {
    expect(added("approver")).toEqual(["approveAdjustment", "rejectAdjustment"]);
  });

  it("what gives rights is an admin's alone", () => {
    expect(added("admin").toSorted()).toEqual(
      [
        "createApiKey",
        "createShopperKey",
        "listOperators",
        "createOperator",
        "getOperator",
        "patchOperator",
        "resetPassword",
        "retireSigningKey",
        "listOperatorActs",
        "putWmsSecret",
        "listApiKeys",
        "revokeApiKey",
        "listShopperKeys",
        "revokeShopperKey",
        "listSigningKeys",
        "rotateSigningKey",
        "listWebhooks",
        "createWebhook",
        "getWebhook",
        "patchWebhook",
        "removeWebhook",
        "rotateWebhookSecret",
        "testWebhook",
        "listDeliveries",
        "resendDelivery",
        "listSettingsActs",
      ].toSorted(),
    );
  });

  it("what only merchants' servers, shoppers or warehouses may call, no session opens", () => {
    for (const [name, endpoint] of endpoints) {
      const isOfOperators = endpoint.callers.some((caller) => caller === "operator" || caller === "admin");
      expect([name, consoleScopeOf(endpoint) !== null]).toEqual([name, isOfOperators]);
    }
  });
});
