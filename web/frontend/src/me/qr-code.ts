/** A QR code drawn here, as one path: the secret in it goes to nobody else. */
import { html, type TemplateResult } from "lit";
import { encode } from "uqr";

/** Modules around the code that must stay white for a camera to find it. */
const BORDER = 4;

export function qrCode(text: string, label: string): TemplateResult {
  const { data, size } = encode(text, { border: BORDER, ecc: "M" });
  let path = "";
  data.forEach((line, y) => {
    line.forEach((dark, x) => {
      if (dark) path += `M${x} ${y}h1v1h-1z`;
    });
  });
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    <path class="paper" d="M0 0h${size}v${size}H0z"></path>
    <path class="ink" d=${path}></path>
  </svg>`;
}
