// Who is signed in, how the page looks to them, and the ways out.
import { useState } from "react";
import {
  Button as AriaButton,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from "react-aria-components";
import { PasswordForm } from "../session/change-password.tsx";
import { signOut, useSession } from "../session/session.ts";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import menu from "../ui/menu.module.css";
import { sayOutcome } from "../ui/say-outcome.ts";
import styles from "./frame.module.css";
import { keptTheme, THEMES, type Theme, wear } from "./theme.ts";

const THEME_NAMES: Readonly<Record<Theme, string>> = {
  system: "As the system has it",
  light: "Light",
  dark: "Dark",
};

export function WhoIsIn() {
  const { operator } = useSession();
  const [theme, setTheme] = useState(keptTheme);
  const [asks, setAsks] = useState<"password" | "everywhere" | null>(null);
  const [isBusy, setBusy] = useState(false);

  function act(key: string): void {
    const chosen = THEMES.find((each) => each === key);
    if (chosen !== undefined) {
      wear(chosen);
      setTheme(chosen);
    } else if (key === "password" || key === "everywhere") setAsks(key);
    else void sayOutcome(signOut(false), null);
  }

  return (
    <>
      <MenuTrigger>
        <AriaButton className={`${menu["opener"]} ${styles["who"]}`}>
          <span className={styles["name"]}>{operator.name}</span>
          <span className={styles["role"]}>{operator.role}</span>
        </AriaButton>
        <Popover className={menu["popover"] ?? ""} placement="bottom end">
          <div className={menu["facts"]}>
            <strong>{operator.name}</strong>
            <span>
              {operator.email} · {operator.role}
            </span>
          </div>
          <Menu className={menu["menu"] ?? ""} aria-label="Your session" onAction={(key) => act(String(key))}>
            <MenuSection aria-label="Look" selectionMode="single" selectedKeys={[theme]}>
              {THEMES.map((each) => (
                <MenuItem key={each} id={each} className={menu["item"] ?? ""}>
                  <span aria-hidden="true" className={menu["tick"]}>
                    {theme === each ? "✓" : ""}
                  </span>
                  {THEME_NAMES[each]}
                </MenuItem>
              ))}
            </MenuSection>
            <Separator className={styles["rule"] ?? ""} />
            <MenuItem id="password" className={menu["item"] ?? ""}>
              Change the password
            </MenuItem>
            <MenuItem id="out" className={menu["item"] ?? ""}>
              Sign out
            </MenuItem>
            <MenuItem id="everywhere" className={menu["item"] ?? ""}>
              Sign out everywhere
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Dialog
        title="Change the password"
        isOpen={asks === "password"}
        onClose={() => setAsks(null)}
        isKept={isBusy}
      >
        <PasswordForm owner={operator} onDone={() => setAsks(null)} onBusy={setBusy} />
      </Dialog>
      <Confirm
        isOpen={asks === "everywhere"}
        onClose={() => setAsks(null)}
        onYes={() => signOut(true)}
        question={{
          title: "Sign out everywhere?",
          text: "All your sessions end, on this and every other device. Sales go on as they are.",
          yes: "Sign out everywhere",
          isDanger: true,
        }}
      />
    </>
  );
}
