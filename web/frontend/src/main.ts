/** Entry: styles, language and theme, then the panel. */
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/monitor.css";
import "./styles/table.css";
import "./styles/windows.css";
import "./styles/pages.css";
import { startClockwork } from "./live/live";
import { SasayakiApp } from "./shell/app";
import { startTooltips } from "./shell/tooltip";
import { applyTheme } from "./shell/theme";
import { asLocale, useLocale } from "./text/text";

applyTheme();
const found = document.querySelector<HTMLElement>("sasayaki-app");
// The browser's language counts until somebody has logged in, unless the server names one.
await useLocale(asLocale(found?.dataset.locale ?? navigator.language));
customElements.define("sasayaki-app", SasayakiApp);
startClockwork();
startTooltips();
