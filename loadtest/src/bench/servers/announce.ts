// How a server of the benchmarks tells its starter where it listens, answers its questions, and ends with it.

export type Answers = Readonly<Record<string, (data: unknown) => unknown>>;

/** Says that this server is ready, e.g. `announce({port}, {publish: (n) => …})`. */
export function announce(ready: Readonly<Record<string, unknown>>, answers: Answers = {}): void {
  process.on("message", (message: { question: string; number: number; data: unknown }) => {
    void Promise.resolve(answers[message.question]?.(message.data)).then((answer) =>
      process.send?.({ to: message.number, answer: answer ?? null }),
    );
  });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  process.send?.({ ready });
}
