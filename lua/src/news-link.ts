// One connection on which shard channels of one server are heard, from its opening to its end.
import type { Redis } from "ioredis";
import { HotStoreAway } from "./away.ts";
import { bareClient, type ConnectionOptions, errorCode } from "./connection.ts";
import type { Ending } from "./stay-connected.ts";

export interface NewsLinkOptions extends ConnectionOptions {
  /** A subscription that hears nothing for this long asks whether anybody is there. */
  probeMs: number;
}

/** Many slots may leave a server at once; what is left is asked for once. */
const ASK_AGAIN_MS = 20;

export interface NewsEars {
  onText: (channel: string, text: string) => void;
  /** The server does not have the channel's slot, or has given it away: nothing of it is heard here. */
  onRefused: (channel: string) => void;
}

export class NewsLink implements Ending {
  readonly ended: Promise<void>;
  /** Channels whose subscription the server has confirmed. */
  readonly standing = new Set<string>();
  readonly #redis: Redis;
  readonly #callMsMax: number;
  readonly #ears: NewsEars;
  #heard = false;
  #asking: NodeJS.Timeout | undefined;

  private constructor(redis: Redis, callMsMax: number, ears: NewsEars) {
    this.#redis = redis;
    this.#callMsMax = callMsMax;
    this.#ears = ears;
    this.ended = new Promise((resolve) => redis.once("end", () => resolve()));
  }

  /** @throws HotStoreAway when there is no connection to be had */
  static async open(options: NewsLinkOptions, ears: NewsEars): Promise<NewsLink> {
    const redis = bareClient(options);
    let broke: unknown;
    redis.on("error", (error: unknown) => {
      broke = error;
    });
    const link = new NewsLink(redis, options.callMsMax, ears);
    redis.on("smessage", (channel: string, text: string) => {
      link.#heard = true;
      ears.onText(channel, text);
    });
    // The server has ended a subscription by itself: its slot went elsewhere. Which one is not said.
    redis.on("moved", () => {
      link.#asking ??= setTimeout(() => link.#askForAll(), ASK_AGAIN_MS);
      link.#asking.unref();
    });
    try {
      await redis.connect();
    } catch (error) {
      redis.disconnect();
      throw new HotStoreAway("no connection for news", "nothing", broke ?? error);
    }
    const timer = setInterval(() => link.#probe(), options.probeMs);
    timer.unref();
    void link.ended.then(() => clearInterval(timer));
    return link;
  }

  /**
   * Whether the subscription stands. When the server has not the slot, `onRefused` is told; when it does not
   * answer, the connection is given up.
   */
  async subscribe(channel: string): Promise<boolean> {
    const timer = setTimeout(() => this.drop(), this.#callMsMax);
    try {
      await this.#redis.ssubscribe(channel);
      this.standing.add(channel);
      return true;
    } catch (error) {
      this.standing.delete(channel);
      if (errorCode(error) === null) {
        // Not swallowed: the next connection subscribes to everything anew and says so to each listener.
        this.drop();
      } else this.#ears.onRefused(channel);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async unsubscribe(channel: string): Promise<void> {
    this.standing.delete(channel);
    try {
      await this.#redis.sunsubscribe(channel);
    } catch (error) {
      // A refusal says that the slot is elsewhere, so nothing of it is heard here anyhow.
      if (errorCode(error) === null) this.drop();
    }
  }

  /** Asks again for what we have: what the server has given away it refuses, the rest changes nothing. */
  #askForAll(): void {
    this.#asking = undefined;
    for (const channel of this.standing) void this.subscribe(channel);
  }

  drop(): void {
    this.#redis.disconnect();
  }

  // A half-open connection looks like a quiet one; subscribing again to what we have is answered only by a
  // living server.
  #probe(): void {
    const [channel] = this.standing;
    if (!this.#heard && channel !== undefined) void this.subscribe(channel);
    this.#heard = false;
  }
}
