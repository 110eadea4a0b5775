// The frame of a dialog: focus is kept in it, Escape closes it, and closing gives the focus back to where it was.
import { type ReactNode, useLayoutEffect, useRef } from "react";
import card from "../card/card.module.css";

export function Dialog(props: { title: string; onClose: () => void; children: ReactNode }): ReactNode {
  const { title, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} className={card["question"]} aria-labelledby="dialog" onClose={onClose}>
      <h2 id="dialog">{title}</h2>
      {children}
    </dialog>
  );
}
