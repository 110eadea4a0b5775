// `pnpm --filter ./gateway protocol-fixture --port P`: serves the realtime layer alone until it is told to stop.
import { parseArgs } from "node:util";
import { startFixture } from "./fixture.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "3000" } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port takes a number from 0 (any free port) to 65535, not ${values.port}.`);
  process.exit(2);
}
try {
  const fixture = await startFixture(port);
  const stop = () => void fixture.stop().finally(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  console.log(`The realtime layer alone is ready at http://127.0.0.1:${fixture.port}/socket.io/`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
