// What every page begins with: where one is, its title, and its buttons. The title of the tab follows.
import { type ReactNode, useEffect } from "react";
import { Link, useRoute } from "wouter";
import styles from "./page.module.css";

export function Page({
  title,
  above,
  actions,
  badge,
  children,
}: {
  title: string;
  /** The way up. */
  above?: { name: string; href: string };
  actions?: ReactNode;
  badge?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} – Dropgate console`;
  }, [title]);
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]}>
        <div className={styles["titles"]}>
          {above !== undefined && (
            <Link href={above.href} className={styles["above"]}>
              ← {above.name}
            </Link>
          )}
          <h1 tabIndex={-1}>
            {title} {badge}
          </h1>
        </div>
        {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under a heading of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles["section"]} aria-label={title}>
      <div className={styles["sectionHead"]}>
        <h2>{title}</h2>
        {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** The views of one thing, each with an address of its own: links, so that they open in a new tab too. */
export function Views({ name, views }: { name: string; views: readonly { name: string; href: string }[] }) {
  return (
    <nav className={styles["views"]} aria-label={name}>
      {views.map((view) => (
        <ViewLink key={view.href} {...view} />
      ))}
    </nav>
  );
}

function ViewLink({ name, href }: { name: string; href: string }) {
  const [isHere] = useRoute(href);
  return (
    <Link href={href} aria-current={isHere ? "page" : undefined}>
      {name}
    </Link>
  );
}
