// What those who run it call.
import { z } from "zod";
import { type Endpoint } from "./endpoint.ts";

export const OPERATIONS_ENDPOINTS = {
  healthz: {
    method: "GET",
    path: "/healthz",
    operation: "healthz",
    summary: "The process is up",
    tag: "operations",
    callers: ["anyone"],
    answers: { 200: z.object({ ok: z.literal(true) }) },
    refusals: [],
  },
  readyz: {
    method: "GET",
    path: "/readyz",
    operation: "readyz",
    summary: "Stores reachable, scripts loaded, a worker alive",
    tag: "operations",
    callers: ["anyone"],
    answers: {
      200: z.object({ ok: z.boolean(), reasons: z.array(z.string()) }),
      503: z.object({ ok: z.boolean(), reasons: z.array(z.string()) }),
    },
    refusals: [],
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    operation: "metrics",
    summary: "Prometheus",
    tag: "operations",
    callers: ["anyone"],
    answers: { 200: null },
    refusals: [],
  },
  openapi: {
    method: "GET",
    path: "/openapi.json",
    operation: "openapi",
    summary: "This contract",
    tag: "operations",
    callers: ["anyone"],
    answers: { 200: null },
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>;
