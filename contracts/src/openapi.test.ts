// The document at /openapi.json has every call of the contract, and no reference that leads nowhere.
import { describe, expect, it } from "vitest";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { openApiDocument } from "./openapi.ts";

type Operation = { operationId: string; parameters?: { name: string; in: string }[]; responses: object };
const document = openApiDocument() as { openapi: string; paths: Record<string, Record<string, Operation>> };

describe("the OpenAPI document", () => {
  it("is 3.1 and has each endpoint once, under its method and path", () => {
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
      Object.keys(ENDPOINTS).toSorted(),
    );
    for (const endpoint of Object.values(ENDPOINTS) as Endpoint[]) {
      expect(document.paths[endpoint.path]?.[endpoint.method.toLowerCase()]?.operationId).toBe(
        endpoint.operation,
      );
    }
  });

  it("names every parameter of a path, and every status that may be answered", () => {
    for (const endpoint of Object.values(ENDPOINTS) as Endpoint[]) {
      const operation = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()];
      const named = (operation?.parameters ?? [])
        .filter((each) => each.in === "path")
        .map(({ name }) => name);
      expect(named).toEqual([...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      for (const status of [...Object.keys(endpoint.answers), "400", "503"]) {
        expect(operation?.responses).toHaveProperty(status);
      }
    }
  });

  it("has no reference that leads nowhere", () => {
    for (const [, pointer = ""] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)) {
      let at: unknown = document;
      for (const part of pointer.slice(1).split("/"))
        at = (at as Record<string, unknown> | undefined)?.[part];
      expect([pointer, typeof at]).toEqual([pointer, "object"]);
    }
  });
});
