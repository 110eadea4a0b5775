// What stands in a page's place when it cannot be shown: the frame around it stays, and every other page can be gone to.
import { Component, type ReactNode } from "react";
import { PartAway } from "../routes/lazy-page.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";

interface State {
  error: Error | null;
  /** Where it broke: another address is another page. */
  at: string;
}

export class BrokenPage extends Component<{ at: string; children: ReactNode }, State> {
  override state: State = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps({ at }: { at: string }, state: State): Partial<State> | null {
    return at === state.at ? null : { error: null, at };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const isAway = error instanceof PartAway;
    return (
      <Page title={isAway ? "This page could not be loaded" : "This page broke"}>
        <Notice tone="bad">
          {isAway
            ? "Its part of the console did not come from the server. Sales go on without it. Check the network, then load the console again; the other pages may still work."
            : "Something on it went wrong in this browser. Sales go on, and nothing was changed by it. Load the console again; if it breaks each time, tell whoever runs Dropgate what you did."}
        </Notice>
        <div>
          <Button tone="primary" onPress={() => location.reload()}>
            Load the console again
          </Button>
        </div>
      </Page>
    );
  }
}
