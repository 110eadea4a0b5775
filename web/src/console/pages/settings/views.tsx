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
        { name: "API keys", href: pathTo("keys") },
        { name: "Shopper keys", href: pathTo("shopperKeys") },
        { name: "Signing keys", href: pathTo("signingKeys") },
        { name: "Webhooks", href: pathTo("webhooks") },
        { name: "Bot defence", href: pathTo("botDefence") },
        { name: "Theme", href: pathTo("theme") },
        { name: "Acts", href: pathTo("audit", {}, { of: "settings" }) },
      ]}
    />
  );
}
