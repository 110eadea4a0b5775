// Stands in a page's place while its part of the console comes: the page's own shape, so that nothing jumps, and only
// once it takes long enough to be noticed.
import { Skeleton } from "../ui/data-table.tsx";
import styles from "./loading-page.module.css";

export function LoadingPage() {
  return (
    <div className={styles["loading"]}>
      <p className="only-read">Loading the page…</p>
      <div className={styles["title"]} aria-hidden="true" />
      <Skeleton lines={8} />
    </div>
  );
}
