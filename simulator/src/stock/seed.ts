// `npx pnpm seed`: a realistic catalogue in a Dropgate's PostgreSQL.
import { parseArgs } from "node:util";
import { fillCatalogue } from "@dropgate/inventory/catalogue/fill";
import { Truth } from "@dropgate/sql";
import { databaseOf } from "./database-of.ts";

const HELP = `Fills PostgreSQL with a made-up catalogue: products, locations, stock and its ledger.

  npx pnpm seed [--skus 1000] [--locations 20] [--seed 1] [--everywhere] [--data-dir .dropgate]

  --skus        products; what sells lies everywhere, most of them in a few places
  --locations   one in ten is a warehouse, the others are stores
  --everywhere  every SKU at every location
  --seed        another number is another catalogue of the same names
  --data-dir    of the npx pnpm start that runs; DATABASE_URL goes before it

What is there already stays as it is. Broken off and begun again, it goes on.
`;
const SKUS_MAX = 10_000_000;
const LOCATIONS_MAX = 10_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      skus: { type: "string", default: "1000" },
      locations: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      everywhere: { type: "boolean", default: false },
      "data-dir": { type: "string", default: ".dropgate" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const size = {
    skus: Number(values.skus),
    locations: Number(values.locations),
    seed: Number(values.seed),
    everywhere: values.everywhere,
  };
  const isCount = (value: number, max: number): boolean =>
    Number.isInteger(value) && value > 0 && value <= max;
  if (
    !isCount(size.skus, SKUS_MAX) ||
    !isCount(size.locations, LOCATIONS_MAX) ||
    !Number.isInteger(size.seed)
  ) {
    process.stderr.write(
      `--skus is 1 to ${SKUS_MAX}, --locations 1 to ${LOCATIONS_MAX}, --seed a whole number.\n\n${HELP}`,
    );
    return 2;
  }
  const database = await databaseOf(values["data-dir"]);
  if ("sentence" in database) {
    process.stderr.write(`${database.sentence}\n`);
    return 1;
  }
  const truth = new Truth({ url: database.url, name: "seed", connectionsMax: 2 });
  const begun = performance.now();
  let told = 0;
  try {
    const filled = await fillCatalogue(truth, size, ({ levels }, skus) => {
      if (!process.stderr.isTTY || performance.now() - told < 500) return;
      told = performance.now();
      process.stderr.write(`\r${skus} of ${size.skus} products, ${levels} levels  `);
    });
    const seconds = (performance.now() - begun) / 1_000;
    if (process.stderr.isTTY) process.stderr.write("\r");
    process.stdout.write(
      `New: ${filled.products} products, ${filled.locations} locations, ${filled.levels} levels, in ${seconds.toFixed(1)} s.\n`,
    );
    return 0;
  } finally {
    await truth.close();
  }
}

process.exitCode = await main();
