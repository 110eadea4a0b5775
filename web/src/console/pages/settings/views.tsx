// The parts of the settings, each with an address of its own.
import { pathTo } from "../../routes/routes.ts";
import { Views } from "../../ui/page.tsx";

export function SettingsViews() {
  return (
    <Views
      name="Views of the settings"
      views={[
        { name: "Overview", href: pathTo("settings") },
        { name: "Operators", href: pathTo("operators") },
        { name: "Keys", href: pathTo("keys") },
        { name: "Webhooks", href: pathTo("webhooks") },
        { name: "Theme", href: pathTo("theme") },
        { name: "Acts", href: pathTo("audit") },
      ]}
    />
  );
}
