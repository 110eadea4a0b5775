// A schematic map, drawn from coordinates alone: no tiles, so nobody outside learns where the stock lies. Each place is a
// link or a mark with its name; the list beside it says the same.
import { useId } from "react";
import { Link } from "wouter";
import styles from "./map.module.css";
import { type Coordinates, degrees, linesBetween, sheetOf, spotOf } from "./projection.ts";

export interface MapPlace {
  id: string;
  name: string;
  at: Coordinates;
  /** Where it leads; a mark that leads nowhere is only read. */
  href?: string;
  /** What colours it; the name says it too. */
  tone?: "plain" | "chosen" | "faint" | "target";
}

const percent = (value: number): string => `${value.toFixed(3)}%`;
const RADIUS = { plain: 7, chosen: 9, faint: 5, target: 8 } as const;

export function PlacesMap({ name, places }: { name: string; places: readonly MapPlace[] }) {
  const id = useId();
  const sheet = sheetOf(places.map(({ at }) => at));
  return (
    <figure className={styles["map"]} aria-labelledby={id}>
      <svg className={styles["sheet"]}>
        <title id={id}>{name}</title>
        {linesBetween(sheet.south, sheet.north).map((lat) => {
          const { y } = spotOf({ lat, lon: sheet.west }, sheet);
          return (
            <g key={`lat${lat}`} aria-hidden="true">
              <line className={styles["line"]} x1="0%" x2="100%" y1={percent(y)} y2={percent(y)} />
              <text className={styles["degree"]} x="4" y={percent(y)} dy="-3">
                {degrees(lat, ["N", "S"])}
              </text>
            </g>
          );
        })}
        {linesBetween(sheet.west, sheet.east).map((lon) => {
          const { x } = spotOf({ lat: sheet.south, lon }, sheet);
          return (
            <g key={`lon${lon}`} aria-hidden="true">
              <line className={styles["line"]} x1={percent(x)} x2={percent(x)} y1="0%" y2="100%" />
              <text className={styles["degree"]} x={percent(x)} y="100%" dx="4" dy="-5">
                {degrees(lon, ["E", "W"])}
              </text>
            </g>
          );
        })}
        {places.map((place) =>
          place.href === undefined ? (
            <g key={place.id}>
              <Mark place={place} {...spotOf(place.at, sheet)} />
            </g>
          ) : (
            <Link key={place.id} href={place.href} className={styles["place"]} aria-label={place.name}>
              <Mark place={place} {...spotOf(place.at, sheet)} />
            </Link>
          ),
        )}
      </svg>
    </figure>
  );
}

function Mark({ place: { name, tone = "plain" }, x, y }: { place: MapPlace; x: number; y: number }) {
  const isRight = x > 65;
  return (
    <>
      <title>{name}</title>
      <circle className={styles["dot"]} data-tone={tone} cx={percent(x)} cy={percent(y)} r={RADIUS[tone]} />
      <text
        className={styles["name"]}
        data-tone={tone}
        x={percent(x)}
        y={percent(y)}
        dx={isRight ? -13 : 13}
        dy="5"
        textAnchor={isRight ? "end" : "start"}
      >
        {name}
      </text>
    </>
  );
}
