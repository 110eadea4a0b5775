// Whether a schedule runs forward: lobbyAt ≤ drawAt ≤ opensAt < closesAt, with the close ahead.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";

export interface ScheduleTimes {
  lobbyAt: Date;
  drawAt: Date;
  opensAt: Date;
  closesAt: Date;
}

/** Pure; every fault is told with its field. */
export function judgeSchedule(times: ScheduleTimes, now: Date): Outcome<ScheduleTimes> {
  const faults: { pointer: string; detail: string }[] = [];
  const fault = (field: keyof ScheduleTimes, detail: string): void => {
    faults.push({ pointer: `/schedule/${field}`, detail });
  };
  if (times.drawAt < times.lobbyAt) fault("drawAt", "It is before lobbyAt.");
  if (times.opensAt < times.drawAt) fault("opensAt", "It is before drawAt.");
  if (times.closesAt <= times.opensAt) fault("closesAt", "It is not after opensAt.");
  if (times.closesAt <= now) fault("closesAt", "It is in the past.");
  return faults.length === 0 ? { ok: true, value: times } : refuse("INVALID_SCHEDULE", { errors: faults });
}
