// Every metric that gateways and workers export, by name: docs/reference/metrics.md is compared with these lists in
// both directions, and so is what a gateway and a worker answer at /metrics.

export interface Metric {
  kind: "counter" | "gauge" | "histogram";
  help: string;
  labels?: readonly string[];
}

export const GATEWAY_METRICS = {
  dropgate_http_requests_total: {
    kind: "counter",
    help: "Requests answered, by operation of the contract and status.",
    labels: ["operation", "status"],
  },
  dropgate_http_request_seconds: {
    kind: "histogram",
    help: "From the head of a request to its answer.",
    labels: ["operation"],
  },
  dropgate_http_aborted_total: {
    kind: "counter",
    help: "Requests whose peer went away before the answer, or whose connection we cut.",
  },
  dropgate_http_cut_total: {
    kind: "counter",
    help: "Requests cut without an answer: repeated or contradicting lengths and hosts, slow bodies.",
    labels: ["reason"],
  },
  dropgate_refusals_total: {
    kind: "counter",
    help: "Refusals, by their code in the catalogue.",
    labels: ["code"],
  },
  dropgate_unexpected_errors_total: {
    kind: "counter",
    help: "Exceptions that were no store being away: bugs.",
  },
  dropgate_joins_waiting: { kind: "gauge", help: "Joins waiting for their batch." },
  dropgate_attempts_waiting: { kind: "gauge", help: "Tries at a rush that have no answer yet." },
  dropgate_journal_records: {
    kind: "gauge",
    help: "Joins and leaves acknowledged by this gateway and not yet known to be stored.",
  },
  dropgate_journal_offered_again_total: {
    kind: "counter",
    help: "Journal records offered again to a lane's new epoch.",
  },
  dropgate_holds_waiting: { kind: "gauge", help: "Acts on holds waiting for their group." },
  dropgate_sales_followed: { kind: "gauge", help: "Sales whose channels this gateway listens to." },
  dropgate_news_missed_total: {
    kind: "counter",
    help: "Times at which a lane's messages were not continuous and its cards are looked at again.",
  },
  dropgate_transaction_retries_total: {
    kind: "counter",
    help: "Transactions tried again after a deadlock or serialisation failure.",
  },
  dropgate_sign_ins_total: {
    kind: "counter",
    help: "Tries to sign in to the console, by outcome.",
    labels: ["outcome"],
  },
  dropgate_passwords_waiting: { kind: "gauge", help: "Passwords being hashed or waiting for it." },
  dropgate_sockets: { kind: "gauge", help: "Open sockets of shoppers and spectators." },
  dropgate_visitors: {
    kind: "gauge",
    help: "Connections that have said which sale they are on, those included whose entry is being read.",
  },
  dropgate_socket_frames_total: {
    kind: "counter",
    help: "Events sent to sockets, each delivery counted, by event.",
    labels: ["event"],
  },
  dropgate_hot_store_ready: {
    kind: "gauge",
    help: "1 while every Redis that has lanes is connected and its scripts are loaded.",
  },
} as const satisfies Record<string, Metric>;
export type GatewayMetric = keyof typeof GATEWAY_METRICS;

export const WORKER_METRICS = {
  dropgate_worker_events_total: {
    kind: "counter",
    help: "Things that a worker has done, by event.",
    labels: ["event"],
  },
  dropgate_worker_step_seconds: {
    kind: "histogram",
    help: "How long a step of a loop took, by loop.",
    labels: ["loop"],
  },
  dropgate_worker_steps_failed_total: {
    kind: "counter",
    help: "Steps that failed and were tried again, by loop.",
    labels: ["loop"],
  },
  dropgate_worker_loops_behind: { kind: "gauge", help: "Loops whose last step failed." },
  dropgate_worker_intake_lag_seconds: {
    kind: "histogram",
    help: "How long the oldest arrival of a stored batch had waited.",
  },
} as const satisfies Record<string, Metric>;
export type WorkerMetric = keyof typeof WORKER_METRICS;
