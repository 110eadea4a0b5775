// Runs the independent verifier as anybody would: the command line, on the two public files.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/** @returns the verifier's exit code (0: valid) and what it said */
export async function verifyDraw(draw: string, entries: string): Promise<{ code: number; text: string }> {
  const folder = await mkdtemp(join(tmpdir(), "dropgate-draw-"));
  try {
    const files = [join(folder, "draw.json"), join(folder, "entries.ndjson")] as const;
    await writeFile(files[0], draw);
    await writeFile(files[1], entries);
    const child = spawn(process.execPath, ["--import", "tsx", "draw/src/main.ts", ...files], { cwd: ROOT });
    let text = "";
    child.stdout.on("data", (piece: Buffer) => {
      text += piece.toString();
    });
    child.stderr.on("data", (piece: Buffer) => {
      text += piece.toString();
    });
    const code = await new Promise<number>((resolveCode) =>
      child.once("exit", (exit) => resolveCode(exit ?? 1)),
    );
    return { code, text };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
