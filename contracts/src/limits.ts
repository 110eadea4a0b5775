// Every bound of every loop, queue, batch, retry and body stands here with the reason for its number.
// Relations between them are asserted in limits.test.ts.

/** A body is refused before it is read whole; the biggest honest one (a sale with texts) is under 16 KiB. */
export const BODY_BYTES_MAX = 64 * 1024;
/** Imports and WMS batches of 500 events at 2 KiB each. */
export const IMPORT_BODY_BYTES_MAX = 1024 * 1024;
/** JSON nested deeper than this is nobody's order; a parser's stack is. */
export const JSON_DEPTH_MAX = 32;
/** An honest request line and headers with a JWT and cookies stay under 8 KiB. */
export const HEADER_BYTES_MAX = 16 * 1024;
/** A sender that needs longer for 64 KiB is a slow-loris. */
export const BODY_READ_MS_MAX = 10_000;

/** Incoming WebSocket frames carry a claim, nothing larger. */
export const SOCKET_FRAME_BYTES_MAX = 16 * 1024;
export const SOCKET_PING_INTERVAL_MS = 25_000;
export const SOCKET_PING_TIMEOUT_MS = 20_000;
/** A socket that has not said CONNECT by then wants something else. */
export const SOCKET_CONNECT_MS_MAX = 10_000;
/** Unread bytes at which a socket gets newest state only; at ten times this it is closed. */
export const SOCKET_BACKLOG_BYTES_MAX = 64 * 1024;
/** Frames a shopper may send a second, and at once; a person clicks less. */
export const SOCKET_FRAMES_PER_SECOND = 5;
export const SOCKET_FRAMES_BURST = 20;

/** A lane's number is two hex digits of every id. */
export const LANES_MAX = 256;
/** Enough that a sale of one unit still spreads its crowd over hash slots. */
export const LANES_DEFAULT = 4;
export const POOLS_DEFAULT = 4;
export const POOLS_MAX = 64;
export const QUANTITY_MAX = 1_000_000;
export const LIMIT_PER_SHOPPER_MAX = 1_000;
export const WINDOW_SECONDS_MAX = 86_400;
export const RATE_PER_SECOND_MAX = 1_000_000;

/** Any quantity of a level, and any delta: a thousand million, so that a sum of two still fits four bytes. */
export const STOCK_MAX = 1_000_000_000;
/** Grams and millimetres of a product. */
export const MEASURE_MAX = 1_000_000_000;
export const SHIPPING_METHODS_MAX = 50;
/** Prefixes of postal codes add up: a location may serve a country piece by piece. */
export const SERVICE_REGIONS_MAX = 1_000;
export const OPERATING_DAYS_MAX = 7;
/** Changes of levels that one transaction judges and writes: 180 ms for as many levels, 70 for one, while others wait. */
export const LEVEL_CHANGES_MAX = 2_000;
/** A new sale whose stock somebody else took meanwhile looks so often for another location; each look is a millisecond. */
export const STOCK_CHOICES_MAX = 3;
/** Orders of a sale that are booked in one transaction: 25 ms in which others wait for the level. */
export const BOOKING_BATCH_MAX = 500;
/** Sales whose orders one look books. */
export const BOOKING_SALES_MAX = 100;
/** A correction of more units than this waits for approval, */
export const ADJUSTMENT_UNITS_MAX = 10;
/** and one of more than this part of what is on hand: of nothing any is more. */
export const ADJUSTMENT_PART_MAX = 0.05;

/** A warehouse that has not answered by then is asked again; what it answers is a few bytes. */
export const WMS_ANSWER_MS_MAX = 10_000;
/** Of an answer so much is read: enough to say why in the list, and nobody can fill our memory. */
export const WMS_ANSWER_BYTES_MAX = 16 * 1024;
/** After so long the worker that was sending a request counts as dead: longer than any answer is waited for. */
export const WMS_LEASE_MS = 3 * WMS_ANSWER_MS_MAX;
/** Requests that one worker sends to one location at once; a location that hangs costs so many sockets. */
export const WMS_SENDS_PER_LOCATION = 4;
/** And to all of them. */
export const WMS_SENDS_MAX = 64;
/** The first pause after a failure is drawn from up to this, each later one from up to twice as much, */
export const WMS_RETRY_MS_MIN = 1_000;
/** and none from more than this: a warehouse that comes back is heard of within a quarter of an hour. */
export const WMS_RETRY_MS_MAX = 15 * 60_000;
/** Then a request is dead: some two hours after the first try, at most three and a half. By then somebody has to look. */
export const WMS_TRIES_MAX = 24;

/** A receiver of webhooks that has not answered by then is told again. */
export const WEBHOOK_ANSWER_MS_MAX = 10_000;
/** Of an answer so much is read. */
export const WEBHOOK_ANSWER_BYTES_MAX = 4 * 1024;
/** After so long the worker that was sending counts as dead: longer than any answer is waited for. */
export const WEBHOOK_LEASE_MS = 3 * WEBHOOK_ANSWER_MS_MAX;
/** Events that one worker sends to one webhook at once; one that hangs costs so many sockets. */
export const WEBHOOK_SENDS_PER_HOOK = 4;
/** And to all of them. */
export const WEBHOOK_SENDS_MAX = 32;
/** A webhook to which nothing was delivered for so long is disabled: a day has an hour in which somebody looks. */
export const WEBHOOK_FAILING_MS_MAX = 24 * 3600 * 1000;
/** Each of them costs each effect a row. */
export const WEBHOOKS_MAX = 50;
/** How long a receiver has to learn a new secret, unless said otherwise, and at most. */
export const WEBHOOK_OVERLAP_SECONDS = 24 * 3600;
export const WEBHOOK_OVERLAP_SECONDS_MAX = 7 * 24 * 3600;
/** How long the list shows what was delivered, */
export const DELIVERIES_SENT_KEPT_DAYS = 7;
/** and what was given up. */
export const DELIVERIES_DEAD_KEPT_DAYS = 30;
/** Rows that one look removes. */
export const DELIVERIES_SWEPT_MAX = 1_000;
/** Who presses "test" waits so long for the worker that sends it: longer than its answer may take. */
export const WEBHOOK_TEST_MS_MAX = WEBHOOK_ANSWER_MS_MAX + 2_000;
/** How often they look whether it is there. */
export const WEBHOOK_TEST_LOOK_MS = 100;
/** Bull's view of the queues waits so long for Redis. */
export const QUEUE_BOARD_MS_MAX = 5_000;
/** A quantity that the hot store holds for a reservation and PostgreSQL has not judged: no call is under way for longer. */
export const STOCK_PENDING_MS = 10_000;
/** The mirror of a SKU goes so long after it was loaded, and is loaded anew when somebody asks. */
export const STOCK_MIRROR_MS = 86_400_000;
/** Holds of one SKU that one script call takes: at 5 µs each its Redis is busy for a millisecond. */
export const STOCK_BATCH_MAX = 200;
/** SKUs that one call of the hot store asks for, where they need not be asked one by one: some ms of its time. */
export const STOCK_TOGETHER_MAX = 128;
/** SKUs whose keys in the hot store a process remembers: less than a kilobyte each. */
export const STOCK_STORES_MAX = 10_000;
/**
 * A level that has so many, and so many times what an order wants, is not held for it in the hot store: that keeps
 * others from what they could not have, and here they can. More orders than that are never before PostgreSQL at once.
 */
export const STOCK_PLENTY = 1_000;
export const STOCK_PLENTY_TIMES = 100;
/** Holds of one SKU that wait in a gateway before it answers 503: fifty calls, so some tenths of a second. */
export const STOCK_QUEUE_MAX = 10_000;
/** Loads that are dropped by a rebuild while they are under way are made again so often. */
export const STOCK_LOAD_TRIES_MAX = 5;
/** Rows of the ledger that a worker follows at once: as many levels at most, each one small call. */
export const STOCK_FOLLOW_ROWS_MAX = 1_000;
/** Products whose availability one call asks for: a page of a search. */
export const AVAILABILITY_SKUS_MAX = 50;
/** Service regions that one answer lists; who wants to know of one place names it. */
export const AVAILABILITY_REGIONS_MAX = 50;
/** How long the bytes of an availability serve everybody who asks. */
export const AVAILABILITY_BODY_MS = 500;
/** Bodies of availabilities that a gateway keeps, at a kilobyte each; then it forgets all. */
export const SHOWN_REMEMBERED_MAX = 10_000;
/** How long a gateway believes what it read of the locations, */
export const LOCATIONS_REMEMBERED_MS = 5_000;
/** and how many: five times the largest network that a plan is dimensioned for. */
export const LOCATIONS_REMEMBERED_MAX = 1_000;
/** Who finds that somebody else makes what is to be shown looks again after this, */
export const DISPLAY_WAIT_MS = 15;
/** and so often, before it reads the hot store by itself. */
export const DISPLAY_WAITS_MAX = 10;
/** At most so many of a SKU are few. */
export const LOW_STOCK_THRESHOLD = 10;
/** What is shown of a SKU may be so old, */
export const DISPLAY_MS_MAX = 30_000;
/** and who makes it and takes longer than this is taken for dead: it is one read of the hot store, or of PostgreSQL. */
export const DISPLAY_FILL_MS_MAX = 2_000;

/** Joins that one script call takes: at 10 µs each the lane's Redis is busy for 2.5 ms. */
export const JOIN_BATCH_MAX = 256;
/** Joins waiting in a gateway before it answers 503: two seconds' worth at full rate. */
export const JOIN_QUEUE_MAX = 20_000;
/** Joins acknowledged and not yet stored that a gateway keeps; at 300 bytes each 30 MB. */
export const JOURNAL_MAX = 100_000;
/** Arrivals read from a lane and inserted in one statement. */
export const INTAKE_BATCH_MAX = 2_000;
/** Full batches of a lane that are stored before its row is looked at again: a second's work of a quick crowd. */
export const INTAKE_BATCHES_MAX = 8;
/** Between two looks for arrivals. */
export const INTAKE_REST_MS = 50;
/** Arrivals stored by one look from which on a crowd is coming: it is taken for one from 2,000 joins a second, and until they are fewer than 250. */
export const INTAKE_CROWD = 100;
/** From one look to the next then: with the storing itself no arrival waits a second for its row. */
export const INTAKE_CROWD_EVERY_MS = 400;
/** Cards written, or read, by one script call. */
export const CARD_BATCH_MAX = 500;
/** Holds one statement settles. */
export const HOLD_BATCH_MAX = 256;

/** Tries of a rush that one script call, and one statement, takes: a statement of so many rows is some 10 ms. */
export const ATTEMPT_BATCH_MAX = 256;
/** Tries waiting in a gateway before it answers 503: two seconds' worth at full rate. */
export const ATTEMPT_QUEUE_MAX = 20_000;
/** A try whose gateway has not ended it by then: it died, and the shopper may try anew. */
export const ATTEMPT_STALE_MS = 10_000;
/** How long a gateway believes that all units of a rush are taken, before one read renews it; jittered by a quarter. */
export const SOLD_OUT_KNOWN_MS = 1_000;
/** After how long whoever found all units in baskets is asked to come back, spread over as much again. */
export const SOLD_OUT_RETRY_MS = 2_000;
/** Holders whose keys a gateway keeps while a rush is sold out, to show them their own units: 22 bytes each. */
export const RUSH_HOLDERS_MAX = 50_000;
/** A shopper whose other try is under way on another gateway is looked at again this often, and so many times. */
export const ATTEMPT_AGAIN_MS = 50;
export const ATTEMPT_AGAIN_MAX = 20;

/** A bucket after the lobby stays open at least this long: a millisecond must win nothing. */
export const BUCKET_OPEN_MS_MIN = 1_000;
/** After a new epoch a lane refuses to close its bucket for this long, so that journals arrive in time. */
export const EPOCH_SETTLE_MS = 3_000;
/** The same for the lobby, where the crowd and the journals are largest. */
export const EPOCH_SETTLE_LOBBY_MS = 10_000;

/** A tick runs this often for each live sale. */
export const TICK_INTERVAL_MS = 150;
/** And this often at most, for a sale whose token bucket is full sooner. */
export const TICK_INTERVAL_MS_MIN = 20;
/** Offers one tick makes at most; the rest come with the next, so that a tick stays under a second. */
export const TICK_OFFERS_MAX = 1_000;
/** A script that takes longer is skipped this time: the lane's offers wait, the others' go on. */
export const SCRIPT_MS_MAX = 150;
/** PostgreSQL ends a transaction whose worker has stopped in its middle. */
export const IDLE_IN_TRANSACTION_MS_MAX = 3_000;
/** A tick, an intake, a sweep: one statement longer than this is broken off. */
export const STATEMENT_MS_MAX = 10_000;
/** Ids of a frozen list that PostgreSQL hands over as one text: 320 kB, some 10 ms of its time. */
export const DRAW_PAGE_IDS = 10_000;
/** Entries hashed in one piece while a bucket is drawn, about a millisecond; then other work has its turn. */
export const DRAW_HASHES_AT_ONCE = 1_000;
/** Tickets appended to PostgreSQL by one statement: 60 ms, far from any time limit. */
export const TICKET_BATCH_MAX = 5_000;
/** Statements that append tickets at once: one is written while the next is made. */
export const TICKET_BATCHES_AT_ONCE = 2;
/** Tickets written to a lane's cards by one script call: a millisecond, which is what a join waits for it. */
export const CARD_TICKETS_MAX = 250;
/** Whoever seals a sale's bucket says so this often at least; after three times this another worker goes on. */
export const SEALING_TURN_MS = 1_000;
/** Holds whose Redis side one round of applying brings up to date. */
export const APPLY_BATCH_MAX = 500;
/** An offer published later than this gets its window anew. */
export const PUBLISH_LATE_MS = 2_000;
/** A unit taken by a hold that PostgreSQL does not know goes back after this. */
export const TAKE_ORPHAN_MS = 10_000;

/** Workers write the service's heartbeat this often; older than the gap means nobody's time runs. */
export const HEARTBEAT_MS = 1_000;
export const HEARTBEAT_GAP_MS = 2_000;

/** Transactions broken by deadlock or serialisation are tried again, with jitter, this often. */
export const TRANSACTION_TRIES_MAX = 5;
/** Answers kept for an Idempotency-Key. */
export const IDEMPOTENCY_HOURS = 24;
/** Older ones that one statement deletes. */
export const IDEMPOTENCY_SWEEP_MAX = 1_000;
/** A request whose process died stops blocking its key after this. */
export const IDEMPOTENCY_BUSY_MS_MAX = 10_000;
/** Ledger rows hashed into one page. */
export const LEDGER_PAGE_ROWS_MAX = 1_000;
/** Between two full pages of the inventory's, which take some 10 ms each: they keep up with 15,000 rows a second. */
export const LEDGER_PAGE_REST_MS = 50;
/** Items of one page of a list. */
export const PAGE_ITEMS_MAX = 200;
export const PAGE_ITEMS_DEFAULT = 50;

/** An anonymous crowd behind one address: joins a second, and at once. Overridden by JOINS_PER_ADDRESS. */
export const JOINS_PER_ADDRESS_PER_SECOND = 20;
export const JOINS_PER_ADDRESS_BURST = 200;
/** One shopper's own tries to join. */
export const JOINS_PER_SHOPPER_PER_SECOND = 2;
export const JOINS_PER_SHOPPER_BURST = 20;
/** Addresses and shoppers whose buckets one gateway remembers; the oldest go first. */
export const RATE_KEYS_MAX = 200_000;

/** Where `retryAfterMs` of a 429 or 503 is drawn from, so that a crowd does not knock together. */
export const RETRY_AFTER_MS_MIN = 500;
export const RETRY_AFTER_MS_MAX = 3_000;

/** `serving` frames: at most four a second to those who are nearly there. */
export const SERVING_INTERVAL_MS = 250;
/** A change of phase or of a drawn bucket is told over this long when the crowd is large. */
export const SPREAD_MS_MAX = 5_000;
/** Who is sent away by a gateway that stops comes back no sooner: its successor has to listen first. */
export const RECONNECT_AFTER_MS_MIN = 100;
/** Nor is the largest crowd spread over more: a page without its socket asks by HTTP meanwhile. */
export const RECONNECT_SPREAD_MS_MAX = 15_000;
/** Shoppers' acts that are begun when a gateway is told to stop get so long for their answers. */
export const SOCKET_ACTS_END_MS_MAX = 2_000;

/** How long a gateway believes what PostgreSQL said of an API key: a revoked one is gone after this. */
export const API_KEY_REMEMBERED_MS = 5_000;
/** How exactly it is known when an API key was last used: a write in so long, not one a call. */
export const API_KEY_SEEN_SECONDS = 300;
/** API keys, good and made-up, that a gateway remembers; then it forgets all. */
export const API_KEYS_REMEMBERED_MAX = 10_000;
/** RFC 5321 lets no address be longer. */
export const EMAIL_CHARACTERS_MAX = 254;
/** UTF-16 units of a password in a body: 128 characters of any script, before they are brought to their normal form. */
export const PASSWORD_UNITS_MAX = 1_024;
/** Sessions of one operator; the oldest ends when one more is opened. Some browsers on some machines. */
export const OPERATOR_SESSIONS_MAX = 20;
/** How exactly it is known when a session was last used: a write a minute, not one a call. */
export const SESSION_SEEN_SECONDS = 60;
/** Passwords that one gateway hashes at once: each takes 19 MiB and a thread of Node's four. */
export const PASSWORD_HASHES_MAX = 2;
/** Passwords waiting for their turn before a gateway answers 503: a second or two of work. */
export const PASSWORD_QUEUE_MAX = 100;

/**
 * Tries to sign in that fail, as burst and the seconds after which there is one more. Of an account from one address:
 * a person who is unsure has five, and one a minute.
 */
export const TRIES_OF_PAIR = { burst: 5, everySeconds: 60 };
/** Of an account from all addresses together: below what guessing twelve characters needs, by many powers of ten. */
export const TRIES_OF_ACCOUNT = { burst: 50, everySeconds: 6 };
/** Of one address at all accounts: an office has several people, a list of stolen passwords has millions. */
export const TRIES_OF_ADDRESS = { burst: 30, everySeconds: 10 };
/** Of an account from a browser in which it has signed in before: it has a count of its own. */
export const TRIES_OF_DEVICE = { burst: 10, everySeconds: 30 };
/** Counts that have run out are removed by those who try, so many at a time: twice what a try can make. */
export const TRIES_SWEPT_MAX = 8;

/** Shops' keys are read again this often while tokens come, without holding any of them up. */
export const SHOPPER_KEYS_REREAD_MS = 2_500;
/** What was read longer ago is not gone by before it is read again, so a revoked key opens nothing after it. */
export const SHOPPER_KEYS_STALE_MS = 2 * SHOPPER_KEYS_REREAD_MS;
/** A token under an unknown kid makes a gateway look at most this often. */
export const SHOPPER_KEYS_UNKNOWN_MS = 500;

/** A gateway compares its copies of sales and lanes with PostgreSQL this often, for a message may be lost. */
export const SALE_RECHECK_MS = 1_000;
/** How long a gateway believes that there is no such sale: made-up ids must not become a query each. */
export const SALE_UNKNOWN_MS = 1_000;
/** Made-up sale ids that a gateway remembers; then it forgets all. */
export const SALES_UNKNOWN_MAX = 10_000;

/** A request whose lane is being rebuilt waits this long for it; then it is told to come back. */
export const LANE_RETRY_MS_MAX = 2_000;
/** Between two looks at a lane that is not back yet. */
export const LANE_RETRY_PAUSE_MS = 50;

/** Groups of holds that one gateway commits at once: the second fills while the first is flushed to disk. */
export const HOLD_GROUPS_MAX = 2;
/** Claims and confirms that wait in a gateway before it answers 503: some ten groups. */
export const HOLD_QUEUE_MAX = 4_000;
/** How long an answer that is committed waits for Redis to show it too. */
export const HOLD_APPLY_WAIT_MS = 250;
/** Signing keys are read again this often, so that a new one is published before long. */
export const SIGNING_KEYS_REREAD_MS = 30_000;
/** A checkout may keep our public keys this long. */
export const JWKS_CACHE_SECONDS = 60;
/** So long a new key is published before it signs: all gateways have read it, and all checkouts have asked again. */
export const SIGNING_KEY_ANNOUNCED_SECONDS = SIGNING_KEYS_REREAD_MS / 1_000 + JWKS_CACHE_SECONDS + 30;
/** And the old one after it: a pass lives a purchase window and one extension of payment, each a day at most. */
export const SIGNING_KEY_VERIFIES_SECONDS = 2 * 86_400 + 600;

/** A gateway samples the figures of its sales this often; their units are counted as often, or less where many. */
export const FIGURES_EVERY_MS = 1_000;
/** Above this, counting a sale's units takes long enough to do it seldom. */
export const FIGURES_MANY_UNITS = 20_000;
export const FIGURES_MANY_EVERY_MS = 10_000;

/** Operators on a sale's socket are sent its figures at most this often: four a second is as much as an eye follows. */
export const METRICS_EVERY_MS = 250;
/** How often a gateway asks whether its operators' sessions and keys still are, and for new alerts. */
export const OPERATORS_RECHECK_MS = 1_000;
/** Alerts that one look sends to operators: what is more they find in the list. */
export const ALERTS_TOLD_MAX = 20;

/** How long the bytes of a sale's view serve everybody who asks. */
export const SALE_BODY_MS = 250;
/** The same of the list of public sales. */
export const SALE_LIST_MS = 500;
/** Rows of one page of the proof's and the audit's streams. */
export const STREAM_PAGE_ROWS = 2_000;

/** How long the answer to a change of a sale waits for Redis to follow. */
export const SALE_TELL_MS_MAX = 3_000;
/** How long readyz waits for PostgreSQL. */
export const READY_CHECK_MS_MAX = 1_500;
/** A gateway that is told to stop finishes what is begun within this; `start` kills after 6 s. */
export const STOP_MS_MAX = 5_500;

/** Levels of one page of a reconciliation, each with its whole ledger: some tens of milliseconds of PostgreSQL. */
export const RECONCILE_PAGE_LEVELS = 500;
/** How often a worker asks whether a scheduled reconciliation is due. */
export const RECONCILE_LOOK_MS = 1_000;

/** Lines of one order; also what the exact choice of a location is dimensioned for. */
export const ORDER_LINES_MAX = 50;
/**
 * Reservations that one transaction makes or moves, as far as their lines are not more than LEVEL_CHANGES_MAX. More cost
 * no less each, and whoever is in one group is answered together and asks together again.
 */
export const RESERVATION_BATCH_MAX = 40;
/** Reservations that one sweep ends: with as many lines as an order may have they are not more than LEVEL_CHANGES_MAX. */
export const RESERVATION_SWEEP_MAX = LEVEL_CHANGES_MAX / ORDER_LINES_MAX;
/**
 * Transactions of them under way in one gateway: a second would wait for the levels of the first, and take from its size.
 */
export const RESERVATION_GROUPS_MAX = 1;
/** Reservations waiting in a gateway before it answers 503: some two seconds' worth. */
export const RESERVATION_QUEUE_MAX = 2_000;
/** For so long another plan is looked for when stock moved under the one before; then BUSY. */
export const RESERVE_MS_MAX = 5_000;
/** Between two plans of one order: so many orders that lost the same piece do not come back at once. */
export const RESERVE_PAUSE_MS_MAX = 50;
/** How old what a gateway knows of products and locations may be; a product is read anew from half of it on. */
export const CATALOGUE_MS = 5_000;
/** Products that a gateway remembers. */
export const CATALOGUE_PRODUCTS_MAX = 20_000;
/** Products that one statement reads for it. */
export const CATALOGUE_READ_MAX = 500;
/** Locations that a choice looks at. */
export const CATALOGUE_LOCATIONS_MAX = 2_000;

/** Stock that is on the way from one location to another for so long is stuck. */
export const TRANSFER_STUCK_MS = 7 * 24 * 3_600_000;
/** Back-orders that one transaction looks at. */
export const BACKORDER_BATCH_MAX = 50;
