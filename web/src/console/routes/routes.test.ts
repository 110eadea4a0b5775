import { expect, test } from "vitest";
import { BASE, PLACES, pathTo, ROUTES, type RouteName } from "./routes.ts";

test("every address of the console is one that people may have kept", () => {
  const parameters = {
    saleId: "aurora",
    sku: "SHOE 42/é",
    locationId: "reno",
    orderId: "A/7",
    alertId: "a1",
    requestId: "r1",
    reservationId: "res_1",
    reconciliationId: "7",
    webhookId: "wh_1",
  };
  const addresses = (Object.keys(ROUTES) as RouteName[]).map(
    (name) => `${name} ${BASE}${pathTo(name, parameters as never)}`,
  );
  expect(addresses).toMatchSnapshot();
});

test("what is empty is left out of the query, and what is not is encoded", () => {
  expect(pathTo("sales", {}, { phase: "live", find: "a&b", sort: "", cursor: null })).toBe(
    "/sales?phase=live&find=a%26b",
  );
});

test("each place of the navigation has a key and a page of its own", () => {
  expect(new Set(PLACES.map(({ key }) => key)).size).toBe(PLACES.length);
  expect(new Set(PLACES.map(({ route }) => route)).size).toBe(PLACES.length);
});
