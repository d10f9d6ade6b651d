/** Shapes of statuses, so that a status is known without its colour. */
import { html, type TemplateResult } from "lit";

const CIRCLE = "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z";
const CIRCLE_HOLE = "M8 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6Z";

const PATHS: Readonly<Record<string, string>> = {
  circle: CIRCLE,
  ring: CIRCLE + CIRCLE_HOLE,
  half: CIRCLE + "M8 3.8v8.4a4.2 4.2 0 0 0 0-8.4Z",
  square: "M3 3h10v10H3Z",
  triangle: "M8 2.2 14.4 13.4H1.6Z",
  diamond: "M8 1.4 14.6 8 8 14.6 1.4 8Z",
  "diamond-ring": "M8 1.4 14.6 8 8 14.6 1.4 8ZM8 4.4 4.4 8 8 11.6 11.6 8Z",
  bell: "M8 1.5a4.5 4.5 0 0 1 4.5 4.5v3.2l1.5 2.3H2l1.5-2.3V6A4.5 4.5 0 0 1 8 1.5ZM6 12.6h4a2 2 0 0 1-4 0Z",
  "arrow-up": "M5.4 2H14v8.6h-2.3V6L3.7 14 2 12.3l8-8H5.4Z",
  "arrow-down": "M10.6 14H2V5.4h2.3V10L12.3 2 14 3.7l-8 8h4.6Z",
  arrows: "M5 2.5v2.3h6V2.5L15 6l-4 3.5V7.2H5v2.3L1 6ZM3.5 12h9v1.8h-9Z",
  pause: "M3.2 2.5h3.4v11H3.2ZM9.4 2.5h3.4v11H9.4Z",
  bars: "M2.5 2.8h11v2.6h-11ZM2.5 6.7h11v2.6h-11ZM2.5 10.6h11v2.6h-11Z",
  star: "m8 1.3 2 4.3 4.7.6-3.4 3.3.8 4.7L8 11.9l-4.1 2.3.8-4.7L1.3 6.2 6 5.6Z",
  plus: "M6.4 2h3.2v4.4H14v3.2H9.6V14H6.4V9.6H2V6.4h4.4Z",
  cross: "m3.8 1.8 4.2 4.2 4.2-4.2 2 2L10 8l4.2 4.2-2 2L8 10l-4.2 4.2-2-2L6 8 1.8 3.8Z",
  hexagon: "m4.7 2.2h6.6L14.6 8l-3.3 5.8H4.7L1.4 8Z",
  "square-ring": "M2.5 2.5h11v11h-11ZM4.9 4.9v6.2h6.2V4.9Z",
};

/** The shapes that a site's own status may have. */
export const SHAPES: readonly string[] = Object.keys(PATHS);

/** A shape in the colour of the text; decorative, the words beside it say the same. */
export function shape(name: string): TemplateResult {
  return html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path fill-rule="evenodd" d=${PATHS[name] ?? PATHS["square-ring"] ?? ""}></path>
  </svg>`;
}

const ICONS: Readonly<Record<string, string>> = {
  up: "M8 4 13 10H3Z",
  down: "M3 6h10L8 12Z",
  warn: "M8 1.6 15 14H1ZM7.2 6v4h1.6V6ZM7.2 11.2v1.6h1.6v-1.6Z",
  headset:
    "M8 1.5a6 6 0 0 1 6 6V12a2 2 0 0 1-2 2h-2.5v-5H12V7.500a4 4 0 0 0-8 0V9h2.500v5H4a2 2 0 0 1-2-2V7.500a6 6 0 0 1 6-6Z",
  person: "M8 1.800a3.200 3.200 0 1 1 0 6.400 3.200 3.200 0 0 1 0-6.400ZM2 14.200a6 5 0 0 1 12 0Z",
  cross: "m4 2.600 4 4 4-4L13.400 4l-4 4 4 4-1.400 1.400-4-4-4 4L2.600 12l4-4-4-4Z",
  menu: "M2 3.500h12v1.800H2ZM2 7.100h12v1.800H2ZM2 10.700h12v1.800H2Z",
  search: "M6.800 1.600a5.200 5.200 0 0 1 4.100 8.400l3.600 3.600-1.200 1.200-3.600-3.600A5.200 5.200 0 1 1 6.800 1.600ZM6.800 3.400a3.400 3.400 0 1 0 0 6.800 3.400 3.400 0 0 0 0-6.800Z",
  side: "M1.500 2.500h13v11h-13ZM3 4v8h6.500V4Z",
  hand: "M7.2 1.200h1.500v6h.8V2.200H11v5.200h.8V3.900h1.400V10c0 3-1.800 4.800-4.700 4.800-2.200 0-3.500-1-4.400-2.800L2.200 8.100l1.300-.7 1.500 2V3.200h1.400v4h.8Z",
  columns: "M1.500 2.500h13v11h-13ZM3 4v8h2.300V4ZM6.800 4v8h2.400V4ZM10.700 4v8H13V4Z",
};

/** A small picture for a control; decorative. */
export function icon(name: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path fill-rule="evenodd" d=${ICONS[name] ?? ""}></path>
  </svg>`;
}
