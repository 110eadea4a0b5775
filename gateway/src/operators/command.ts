// `npx pnpm operator`: adds somebody to the console, or resets a password, without being signed in to it. For whoever
// runs the gateway without `start`, which makes the first admin, and for who has lost that one's password: whoever has the
// database's address may do anything to it anyway.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { operatorCreateSchema } from "@dropgate/contracts/operators";
import { REFUSALS } from "@dropgate/contracts/refusals";
import { ROLES } from "@dropgate/contracts/roles";
import { settingsSchema } from "@dropgate/contracts/settings";
import { sqlState, Truth } from "@dropgate/sql";
import { readCredentials } from "@dropgate/sql/operators/operator-row";
import { z } from "zod";
import { addOperatorIn, resetPasswordIn } from "./changes.ts";
import { initialPassword, Passwords } from "./passwords.ts";

const COMMANDS = ["add", "reset-password"] as const;
const environmentSchema = settingsSchema.pick({
  DATABASE_URL: true,
  PASSWORD_COST: true,
  INITIAL_PASSWORD_SECONDS: true,
});
/** undefined_table, undefined_column */
const OLDER_FORM: ReadonlySet<string> = new Set(["42P01", "42703"]);
/** What the ledger of operators calls whoever has the database's address. */
const ACTOR = "command";

export const HELP = `Adds operators to the console, and resets their passwords.

  npx pnpm operator add --email ann@shop.example --role admin [--name "Ann Miller"]
  npx pnpm operator reset-password --email ann@shop.example

  --role                 ${ROLES.join(", ")}
  --data-dir .dropgate   of a start that runs: its database is used where DATABASE_URL is not set

The password is printed once. Its owner has to choose another one at the first sign-in, and to come within
INITIAL_PASSWORD_SECONDS (three days, unless it is set): then it lapses, and is reset by this command.
`;

export type OperatorCommand =
  | { command: "help" }
  | { command: "add"; operator: z.output<typeof operatorCreateSchema>; dataDir: string }
  | { command: "reset-password"; email: string; dataDir: string };

/** Pure. @param args what stands after the program's name */
export function parseOperatorCommand(
  args: string[],
): { ok: true; value: OperatorCommand } | { ok: false; sentence: string } {
  const wrong = (sentence: string) => ({ ok: false as const, sentence });
  let parsed: ReturnType<typeof read>;
  try {
    // `pnpm operator -- add` hands the separator on.
    parsed = read(args[0] === "--" ? args.slice(1) : args);
  } catch (error) {
    return wrong(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { ok: true, value: { command: "help" } };
  const command = COMMANDS.find((each) => each === positionals[0]);
  if (command === undefined || positionals.length > 1) {
    return wrong(`Say what to do: ${COMMANDS.join(" or ")}`);
  }
  const { email, role, name } = values;
  const dataDir = values["data-dir"];
  if (command === "reset-password" && (role !== undefined || name !== undefined)) {
    return wrong("reset-password takes --email alone");
  }
  const given = operatorCreateSchema.safeParse({
    email,
    role: command === "add" ? role : "viewer",
    ...(name !== undefined && { name }),
  });
  if (!given.success) {
    const faults = given.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`);
    return wrong(faults.join("; "));
  }
  return command === "add"
    ? { ok: true, value: { command, operator: given.data, dataDir } }
    : { ok: true, value: { command, email: given.data.email, dataDir } };
}

// The return type is what parseArgs makes of this very configuration.
function read(args: string[]) {
  return parseArgs({
    args,
    strict: true,
    allowPositionals: true,
    options: {
      email: { type: "string" },
      role: { type: "string" },
      name: { type: "string" },
      "data-dir": { type: "string", default: ".dropgate" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}

/** The database's address in the list of what a start runs; undefined where none runs. */
async function databaseOf(dataDir: string): Promise<string | undefined> {
  try {
    const listSchema = z.array(z.object({ name: z.string(), url: z.string().nullable() }));
    const list = listSchema.parse(JSON.parse(await readFile(join(dataDir, "processes.json"), "utf8")));
    return list.find(({ name }) => name === "postgres")?.url ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @returns what is to be printed, and whether it was done
 * @throws when PostgreSQL is away
 */
export async function runOperatorCommand(
  args: string[],
  env: Record<string, string | undefined>,
): Promise<{ ok: boolean; text: string }> {
  const parsed = parseOperatorCommand(args);
  if (!parsed.ok) return no(`${parsed.sentence}. \`npx pnpm operator --help\` says how.`);
  const asked = parsed.value;
  if (asked.command === "help") return { ok: true, text: HELP };
  const given = environmentSchema.safeParse({
    DATABASE_URL: env["DATABASE_URL"] || (await databaseOf(asked.dataDir)),
    PASSWORD_COST: env["PASSWORD_COST"] || undefined,
    INITIAL_PASSWORD_SECONDS: env["INITIAL_PASSWORD_SECONDS"] || undefined,
  });
  if (!given.success) {
    const names = given.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
    return no(`${names.join("; ")}. Set DATABASE_URL, or name the --data-dir of a start that runs.`);
  }
  const truth = new Truth({ url: given.data.DATABASE_URL, name: "operator command", connectionsMax: 1 });
  try {
    return await act(
      truth,
      new Passwords(given.data.PASSWORD_COST),
      given.data.INITIAL_PASSWORD_SECONDS,
      asked,
    );
  } catch (error) {
    if (!OLDER_FORM.has(sqlState(error) ?? "")) throw error;
    return no("The database has not the newest form. Bring it there: npx tsx sql/src/migrate.ts.");
  } finally {
    await truth.close();
  }
}

async function act(
  truth: Truth,
  passwords: Passwords,
  initialSeconds: number,
  asked: Exclude<OperatorCommand, { command: "help" }>,
): Promise<{ ok: boolean; text: string }> {
  const password = initialPassword();
  const hash = await passwords.hash(password);
  const outcome = await truth.transaction(async (tx) => {
    if (asked.command === "add") return addOperatorIn(tx, asked.operator, hash, ACTOR);
    const operator = await readCredentials(tx, { email: asked.email }, initialSeconds);
    return resetPasswordIn(tx, operator?.id ?? "", hash, ACTOR);
  });
  if (!outcome.ok) return no(`${REFUSALS[outcome.refusal].title}.`);
  const { email, role, disabledAt, passwordSetAt } = outcome.value;
  const until = new Date(passwordSetAt.getTime() + initialSeconds * 1_000).toUTCString();
  const state = disabledAt === null ? "" : " They are disabled; an admin can enable them.";
  return {
    ok: true,
    text: `${email} (${role}) signs in once with ${password}, until ${until}, and then chooses another one.${state}\n`,
  };
}

function no(sentence: string): { ok: false; text: string } {
  return { ok: false, text: `${sentence}\n` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ok, text } = await runOperatorCommand(process.argv.slice(2), process.env);
  (ok ? process.stdout : process.stderr).write(text);
  if (!ok) process.exitCode = 1;
}
