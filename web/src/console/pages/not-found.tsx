// An address that leads to nothing.
import { pathTo } from "../routes/routes.ts";
import { ButtonLink } from "../ui/button.tsx";
import { Page } from "../ui/page.tsx";

export function NotFound() {
  return (
    <Page title="There is nothing here">
      <p>The address may be old, or a letter of it is missing.</p>
      <div>
        <ButtonLink href={pathTo("sales")}>To the sales</ButtonLink>
      </div>
    </Page>
  );
}
