// Which columns a table shows.
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import styles from "./menu.module.css";
import { shownColumns, toggleColumn } from "./table-state.ts";

interface Named {
  id: string;
  name: string;
  isExtra?: boolean;
}

/** @param text of the address: the columns that differ from how it is at first */
export function ColumnMenu({
  columns,
  text,
  onChange,
}: {
  columns: readonly Named[];
  text: string;
  onChange: (text: string) => void;
}) {
  const shown = new Set(shownColumns(columns, text).map(({ id }) => id));
  return (
    <MenuTrigger>
      <AriaButton className={styles["opener"] ?? ""}>Columns</AriaButton>
      <Popover className={styles["popover"] ?? ""}>
        <Menu
          className={styles["menu"] ?? ""}
          aria-label="Columns"
          selectionMode="multiple"
          selectedKeys={shown}
          // The first is what a row is called.
          disabledKeys={columns.slice(0, 1).map(({ id }) => id)}
          onSelectionChange={(keys) => {
            const wanted = keys === "all" ? new Set(columns.map(({ id }) => id)) : keys;
            const changed = columns.find(({ id }) => shown.has(id) !== wanted.has(id));
            if (changed !== undefined) onChange(toggleColumn(text, changed.id));
          }}
        >
          {columns.map(({ id, name }) => (
            <MenuItem key={id} id={id} className={styles["item"] ?? ""}>
              {({ isSelected }) => (
                <>
                  <span aria-hidden="true" className={styles["tick"]}>
                    {isSelected ? "✓" : ""}
                  </span>
                  {name}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
