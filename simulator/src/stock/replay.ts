// `npx pnpm replay`: all levels from the ledger, compared with those that stand there.
import { parseArgs } from "node:util";
import { inventoryChain } from "@dropgate/inventory/levels/proof/inventory-chain";
import { replayLedger } from "@dropgate/inventory/levels/replay";
import { Truth } from "@dropgate/sql";
import { databaseOf } from "./database-of.ts";

const HELP = `Builds every level anew from the ledger of stock and compares it with what stands there.

  npx pnpm replay [--data-dir .dropgate]

  --data-dir    of the npx pnpm start that runs; DATABASE_URL goes before it

Reads only, in one snapshot; stock may move meanwhile. Exits 0 when all agree and the ledger's pages are whole, 1 when
something differs and names it.
`;
/** Lines on the screen; the counts are of all that were found. */
const SHOWN_MAX = 50;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      "data-dir": { type: "string", default: ".dropgate" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const database = await databaseOf(values["data-dir"]);
  if ("sentence" in database) {
    process.stderr.write(`${database.sentence}\n`);
    return 2;
  }
  const truth = new Truth({ url: database.url, name: "replay", connectionsMax: 2 });
  const begun = performance.now();
  try {
    const { levels, transactions, differences, negative } = await replayLedger(truth, (done) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} levels  `);
    });
    const chain = await inventoryChain(truth);
    if (process.stderr.isTTY) process.stderr.write("\r");
    for (const { sku, locationId, is, ledger } of differences.slice(0, SHOWN_MAX)) {
      process.stdout.write(
        `${JSON.stringify(sku)} at ${locationId} is ${JSON.stringify(is)}, the ledger makes ${JSON.stringify(ledger)}\n`,
      );
    }
    for (const { sku, locationId, transaction } of negative.slice(0, SHOWN_MAX)) {
      process.stdout.write(
        `${JSON.stringify(sku)} at ${locationId} was below zero after transaction ${transaction}\n`,
      );
    }
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    process.stdout.write(
      `${levels} levels from ${transactions} transactions in ${seconds} s: ${differences.length} differ, ${negative.length} were below zero.\nPages: ${chain.detail}\n`,
    );
    return differences.length === 0 && negative.length === 0 && chain.ok ? 0 : 1;
  } finally {
    await truth.close();
  }
}

process.exitCode = await main();
