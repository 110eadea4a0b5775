// Sockets that are open but have not (yet, or any more) connected to the namespace. All have the same time for it,
// so a queue in order of arrival needs no timers: only its head can be due.

export class Newcomers<Member> {
  #members: Member[] = [];
  #since: number[] = [];
  #head = 0;

  /** @param now the running number of the beat, never lower than at the last call */
  add(member: Member, now: number): void {
    this.#members.push(member);
    this.#since.push(now);
  }

  /** Takes out those who came before `until` and hands each to `due`, which knows whether it has connected since. */
  takeBefore(until: number, due: (member: Member) => void): void {
    while (this.#head < this.#members.length && (this.#since[this.#head] ?? 0) < until) {
      const member = this.#members[this.#head++];
      if (member !== undefined) due(member);
    }
    if (this.#head > 0) {
      // Members taken must not be held on to; moving the rest costs what the queue holds, once a beat.
      this.#members = this.#members.slice(this.#head);
      this.#since = this.#since.slice(this.#head);
      this.#head = 0;
    }
  }
}
