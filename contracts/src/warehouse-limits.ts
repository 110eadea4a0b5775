// Limits of what warehouses tell and how they prove who they are. Like those of limits.ts, each with the reason for its
// number.

/** Events of a warehouse in one call, */
export const WMS_EVENTS_MAX = 500;
/** items of one event, */
export const WMS_EVENT_ITEMS_MAX = 200;
/** and how far from now its signature may be. */
export const WMS_SIGNATURE_MS_MAX = 5 * 60_000;
/** A warehouse's secret: a text that nobody guesses. */
export const WMS_SECRET_CHARACTERS_MIN = 16;
/** When a location's secret changes, a day in which the warehouse can follow, unless somebody says otherwise, */
export const WMS_SECRET_OVERLAP_SECONDS = 86_400;
/** and a month at most: a secret that has leaked must not live on. */
export const WMS_SECRET_OVERLAP_SECONDS_MAX = 30 * 86_400;
/** A gateway reads locations' secrets again this often, so one that was changed at another gateway counts then. */
export const WMS_SECRETS_MS = 1_000;
/** To find who signed a message so much is hashed at most: some ten milliseconds, however many locations there are. */
export const WMS_SIGNATURE_HASHED_BYTES_MAX = 8 * 1024 * 1024;
/** Setting out to hash anything costs as much as this. */
export const WMS_SIGNATURE_HASHED_BYTES_MIN = 1_024;
/** How far ahead of ours a warehouse's clock may be; an event from later than that is a mistake. */
export const WMS_EVENT_AHEAD_MS_MAX = 10 * 60_000;
/** Events that one transaction applies, as far as their items are not more than LEVEL_CHANGES_MAX / 4. */
export const WMS_APPLY_MAX = 250;
/** How soon an event that waits is tried again at first, and at last. */
export const WMS_WAIT_MS_MIN = 500;
export const WMS_WAIT_MS_MAX = 60_000;
/** An event that waits so long, or whose predecessor is missing so long, wants somebody to look. */
export const WMS_WAIT_ALERT_MS = 5 * 60_000;
export const WMS_GAP_ALERT_MS = 60_000;
