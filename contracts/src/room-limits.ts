// Limits of what a sale has around it: rehearsals, its room's theme, links to another device, mails. Like those of
// limits.ts, each with the reason for its number.

/** Simulated shoppers of one rehearsal: what one process plays beside a gateway and a worker on two cores. */
export const REHEARSAL_SHOPPERS_MAX = 5_000;
export const REHEARSAL_SPEED_MAX = 20;
/** A rehearsal that takes longer is ended. */
export const REHEARSAL_MS_MAX = 30 * 60_000;
/** Its process says that it lives each second; after so long a silence the run counts as interrupted. */
export const REHEARSAL_SILENT_MS_MAX = 10_000;
/** A rehearsal that has ended is removed, with all that it left, after this. */
export const REHEARSAL_KEPT_MS = 7 * 86_400_000;
/** Points of a rehearsal's curves. */
export const CURVE_POINTS_MAX = 600;

/** How old a theme may be that a gateway shows: of a change by another gateway pages know within this. */
export const THEME_MS = 1_000;
/** Style sheets of themes that a gateway remembers, for pages that were opened just before a change. */
export const THEME_SHEETS_MAX = 200;
/** A link to another device, */
export const LINK_MS = 10 * 60_000;
/** of which an entry has so many at most; the oldest makes room. */
export const LINKS_PER_ENTRY_MAX = 5;
/** For so long after its end a link is known, so that who comes late is told so. */
export const LINK_KNOWN_MS = 24 * 3_600_000;
/** Links and addresses for mails that one shopper may ask for: a person does so a few times. */
export const ASKS_PER_SHOPPER_PER_SECOND = 0.5;
export const ASKS_PER_SHOPPER_BURST = 10;
/** Entries of a sale of which one e-mail address is told: a family's, and no stranger's full mailbox. */
export const NOTIFICATIONS_PER_EMAIL_MAX = 3;
/** Mails that one look writes down or hands to the queue. */
export const MAILS_LOOK_MAX = 500;
/** Mails that one worker sends at once, each on a connection of its own. */
export const MAILS_AT_ONCE = 5;
/** A mail server that has not taken a mail by then is tried again; a turn lasts some 45 s. */
export const MAIL_SEND_MS_MAX = 8_000;
/** After this a worker that had begun to send counts as dead. Longer than sending may take. */
export const MAIL_LEASE_MS = 12_000;
/** A mail is tried so often; the last ones some minutes apart. */
export const MAIL_TRIES_MAX = 8;
export const MAIL_RETRY_MS_MIN = 1_000;
export const MAIL_RETRY_MS_MAX = 5 * 60_000;
/** How often workers look for addresses and links that are needed no more. */
export const NOTIFICATION_SWEEP_MS = 5_000;
