// All that runs, and the order in which it ends: services first, so that they can finish what they began;
// the stores last, because that is what finishing needs.
import type { KeptStore } from "./kept-store.ts";
import type { Service } from "./service.ts";

/** Of the 10 s in which all must be gone, the services' share; a gateway with many sockets needs it. */
const SERVICES_MS = 6_000;
/** And the stores'. */
const STORES_MS = 2_500;

export type House = {
  addStore: (store: KeptStore) => void;
  addService: (service: Service) => void;
  services: () => readonly Service[];
  /** Ends all of it in order. What is added later is ended at once. */
  stop: () => Promise<void>;
  /** Ends all of it by force, now. */
  kill: () => Promise<void>;
};

export function openHouse(): House {
  const stores: KeptStore[] = [];
  const services: Service[] = [];
  let closing = false;
  const late: Promise<unknown>[] = [];
  return {
    addStore(store) {
      stores.push(store);
      if (closing) late.push(store.stop(STORES_MS));
    },
    addService(service) {
      services.push(service);
      if (closing) service.kill();
    },
    services: () => services,
    async stop() {
      closing = true;
      await Promise.all(services.map((service) => service.stop(SERVICES_MS)));
      await Promise.all([...late, ...stores.map((store) => store.stop(STORES_MS))]);
    },
    async kill() {
      closing = true;
      for (const service of services) service.kill();
      await Promise.all(stores.map((store) => store.kill()));
    },
  };
}
