// Which of its faces the console shows: nobody signed in, a password to be chosen, or the frame with a page in it.
import type { ConsoleSession } from "@dropgate/contracts/operators";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { Frame } from "./frame/frame.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { PAGES } from "./routes/pages.tsx";
import { BASE, pathTo, ROUTES, type RouteName } from "./routes/routes.ts";
import { FirstPassword } from "./session/change-password.tsx";
import styles from "./session/entrance.module.css";
import { look, SessionContext, useSessionState } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";
import { Button } from "./ui/button.tsx";
import { Notice } from "./ui/notice.tsx";
import { StatusRegion } from "./ui/status.tsx";

export function App() {
  return (
    <I18nProvider locale={navigator.language}>
      <Router base={BASE}>
        <Face />
        <StatusRegion />
      </Router>
    </I18nProvider>
  );
}

function Face() {
  const state = useSessionState();
  useEffect(() => {
    if (state.kind === "unknown") void look();
  }, [state.kind]);

  switch (state.kind) {
    case "unknown":
      return null;
    case "away":
      return (
        <main className={styles["entrance"]}>
          <div className={styles["card"]}>
            <h1 className={styles["title"]}>The server does not answer</h1>
            <Notice tone="bad">
              Sales go on without this page. Check the network, or whether the gateway runs.
            </Notice>
            <Button tone="primary" onPress={() => void look()}>
              Try again
            </Button>
          </div>
        </main>
      );
    case "nobody":
      return <SignIn why={state.why} />;
    case "in":
      if (state.session.mustChangePassword) return <FirstPassword owner={state.session.operator} />;
      return <Inside key={state.session.operator.id} session={state.session} />;
  }
}

/** What one operator was shown is not kept for the next: each has a store of their own. */
function Inside({ session }: { session: ConsoleSession }) {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <SessionContext value={session}>
        <Frame>
          <Pages />
        </Frame>
      </SessionContext>
    </QueryClientProvider>
  );
}

function newClient(): QueryClient {
  return new QueryClient({
    // A refusal will not be another one for being asked thrice; a page that polls asks again anyway.
    // Nor does it wait for a network: what was pressed without one is refused, and never done when nobody looks any more.
    defaultOptions: {
      queries: { retry: false, staleTime: 1_000, refetchOnWindowFocus: true, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
}

function Pages() {
  const [location] = useLocation();
  const before = useRef(location);
  // Readers are told of the new page by its heading; the first one is read from the top anyway.
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    document.querySelector<HTMLElement>("#page")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [location]);
  return (
    <Switch>
      <Route path="/">
        <Redirect to={pathTo("sales")} replace />
      </Route>
      {(Object.keys(PAGES) as RouteName[]).map((name) => {
        const Page = PAGES[name];
        // What was typed for one sale, entry or webhook, and what was asked of it, is not taken along to the next.
        return (
          <Route key={name} path={ROUTES[name]}>
            <Page key={location} />
          </Route>
        );
      })}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
