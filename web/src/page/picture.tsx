// The product's picture, or its first letter where there is none or it does not come.

import { webAddress } from "@dropgate/client/room/checkout-address";
import { memo, type ReactNode, useState } from "react";
import { firstLetter } from "../shell/escape.ts";

export const Picture = memo(function Picture(props: {
  imageUrl: string | undefined;
  title: string;
}): ReactNode {
  const [missing, setMissing] = useState<string | null>(null);
  const address = webAddress(props.imageUrl);
  return (
    <div className="dg-picture">
      {address === null || missing === address ? (
        <p className="dg-monogram" aria-hidden="true">
          {firstLetter(props.title)}
        </p>
      ) : (
        <img
          className="dg-image"
          src={address}
          alt=""
          width={1200}
          height={1200}
          fetchPriority="high"
          onError={() => setMissing(address)}
        />
      )}
    </div>
  );
});
