// Rehearsals in words. Pure.
import type { RehearsalState } from "@dropgate/contracts/rehearsal";
import type { SaleBehaviour } from "@dropgate/contracts/rehearsal-behaviour";

export const BEHAVIOUR_NAMES: Readonly<Record<SaleBehaviour, string>> = {
  mixed: "As people are",
  eager: "All eager",
  hesitant: "Many hesitant",
};

export const RUN_NAMES: Readonly<Record<RehearsalState, string>> = {
  waiting: "Waits for a worker",
  running: "Running",
  ended: "Played to its end",
  stopped: "Stopped by hand",
  interrupted: "Interrupted",
};
