// What stands around every page: where one can go, which sales are on, what wants to be looked at, and who is signed in.
import { type ReactNode, Suspense, useState } from "react";
import { Link, useLocation, useRoute } from "wouter";
import { useRead } from "../api/use-api.ts";
import { PLACES, type Place, pathTo, ROUTES } from "../routes/routes.ts";
import { BrokenPage } from "./broken-page.tsx";
import styles from "./frame.module.css";
import { LoadingPage } from "./loading-page.tsx";
import { OnNow } from "./on-now.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { WhoIsIn } from "./who-is-in.tsx";

export function Frame({ children }: { children: ReactNode }) {
  const [isNavOpen, setNavOpen] = useState(false);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [location] = useLocation();
  return (
    <div className={styles["frame"]}>
      <a className={styles["skip"]} href="#page">
        To the page
      </a>
      <header className={styles["bar"]}>
        <button
          type="button"
          className={styles["burger"]}
          aria-expanded={isNavOpen}
          aria-controls="places"
          onClick={() => setNavOpen(!isNavOpen)}
        >
          Menu
        </button>
        <Link href={pathTo("sales")} className={styles["brand"]}>
          Dropgate
        </Link>
        <OnNow />
        <AlertCount />
        <button
          type="button"
          className={styles["help"]}
          aria-label="Keyboard shortcuts"
          onClick={() => setSheetOpen(true)}
        >
          ?
        </button>
        <WhoIsIn />
      </header>
      <nav id="places" className={styles["nav"]} data-open={isNavOpen} aria-label="Places">
        <ul>
          {PLACES.map((place) => (
            <li key={place.route}>
              <PlaceLink {...place} onGo={() => setNavOpen(false)} />
            </li>
          ))}
        </ul>
      </nav>
      <main id="page" className={styles["main"]} tabIndex={-1}>
        <BrokenPage at={location}>
          <Suspense fallback={<LoadingPage />}>{children}</Suspense>
        </BrokenPage>
      </main>
      <Shortcuts isOpen={isSheetOpen} setOpen={setSheetOpen} />
    </div>
  );
}

function PlaceLink({ name, route, onGo }: Place & { onGo: () => void }) {
  const path = ROUTES[route];
  const [location] = useLocation();
  const [isExact] = useRoute(path);
  const isHere = isExact || location.startsWith(`${path}/`);
  return (
    <Link href={path} aria-current={isHere ? "page" : undefined} onClick={onGo}>
      {name}
    </Link>
  );
}

/** How often the number of open alerts is read again. */
const ALERTS_EVERY_MS = 15_000;
/** More are told as so many and more. */
const ALERTS_COUNTED = 99;

function AlertCount() {
  const { value } = useRead(
    "listAlerts",
    { query: { state: "open", limit: ALERTS_COUNTED } },
    { everyMs: ALERTS_EVERY_MS },
  );
  const count = value?.items.length ?? 0;
  if (count === 0) return null;
  const text = value?.nextCursor === null ? String(count) : `${count}+`;
  const words = `${text} open ${count === 1 ? "alert" : "alerts"}`;
  return (
    <Link href={pathTo("alerts")} className={styles["alerts"]} title={words}>
      <span aria-hidden="true">▲ {text}</span>
      <span className="only-read">{words}</span>
    </Link>
  );
}
