/**
 * Where an agent is rung, as part of the status window: the own extension, an outside number, one after the other, or what
 * FreeSWITCH had before anything was set here. Whether an outside phone must press a key is for administrators.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Agent } from "../api/board";
import type { TerminalKind, TerminalWish } from "../api/commands";
import { t } from "../text/text";

export type { TerminalWish } from "../api/commands";

const DELAY_S = 10;

/** The agent's own extension: where it is rung now, else the user part of its name; null where neither is a number. */
export function ownExtension(agent: Pick<Agent, "agent" | "terminal" | "terminal_kind" | "terminal_extension">): string | null {
  if (agent.terminal_extension) return agent.terminal_extension;
  if (agent.terminal_kind === "extension" && agent.terminal) return agent.terminal;
  const user = agent.agent.split("@")[0] ?? "";
  return /^[0-9]{1,20}$/.test(user) ? user : null;
}

/** What the fields begin with. */
export function terminalNow(agent: Agent): TerminalWish {
  const extension = ownExtension(agent) ?? "";
  const number = agent.terminal_number ?? (agent.terminal_kind === "external" ? agent.terminal : "");
  const known = ["external", "both"].includes(agent.terminal_kind ?? "");
  return {
    kind: known ? (agent.terminal_kind as TerminalKind) : "extension",
    number,
    extension,
    delay: agent.terminal_delay_s ?? DELAY_S,
    confirm: agent.terminal_confirm ?? true,
  };
}

/** Is another terminal asked for than the agent has? */
export function terminalChanged(agent: Agent, wish: TerminalWish): boolean {
  const now = terminalNow(agent);
  if (wish.kind === "original" || wish.confirm !== now.confirm || wish.kind !== now.kind) return true;
  if (wish.kind === "extension") return false;
  return wish.number.trim() !== now.number || (wish.kind === "both" && wish.delay !== now.delay);
}

/** How the wish is asked back. */
export function terminalQuestion(wish: TerminalWish, name: string): string {
  const { kind, number, extension, delay } = wish;
  if (kind === "both") return t("terminal.confirm.both", { name, number: number.trim(), extension, delay: String(delay) });
  if (kind === "original") return t("terminal.confirm.original", { name });
  return kind === "external" ? t("terminal.confirm.external", { name, number }) : t("terminal.confirm.extension", { name, number: extension });
}

/** `change` is called with every choice and every letter typed; `setsKey`: may say whether a key must be pressed. */
export function terminalFields(
  agent: Agent,
  wish: TerminalWish,
  disabled: boolean,
  setsKey: boolean,
  change: (wish: TerminalWish) => void,
): TemplateResult {
  const extension = ownExtension(agent);
  const option = (kind: TerminalKind, text: string): TemplateResult =>
    html`<option value=${kind} .selected=${wish.kind === kind}>${text}</option>`;
  const inside = extension === null ? t("terminal.other") : t("terminal.extension", { number: extension });
  const outside = wish.kind === "external" || wish.kind === "both";
  return html`<div class="field">
      <label for="terminal-kind">${t("terminal")}</label>
      <select
        id="terminal-kind"
        ?disabled=${disabled}
        @change=${(event: Event) => {
          change({ ...wish, kind: (event.target as HTMLSelectElement).value as TerminalKind });
        }}
      >
        ${extension === null && agent.terminal_kind === "external" ? nothing : option("extension", inside)}
        ${option("external", t("terminal.external"))} ${extension === null ? nothing : option("both", t("terminal.both", { number: extension }))}
        ${agent.terminal_restorable ? option("original", t("terminal.original")) : nothing}
      </select>
    </div>
    ${outside ? numberField(wish, disabled, change) : nothing} ${wish.kind === "both" ? delayField(wish, disabled, change) : nothing}
    ${outside && setsKey ? keyField(wish, disabled, change) : nothing}
    ${outside && !setsKey ? html`<p class="muted">${t(wish.confirm ? "terminal.key.on" : "terminal.key.off")}</p>` : nothing}`;
}

type Change = (wish: TerminalWish) => void;

function numberField(wish: TerminalWish, disabled: boolean, change: Change): TemplateResult {
  return html`<div class="field">
    <label for="terminal-number">${t("terminal.number")}</label>
    <input
      id="terminal-number"
      type="tel"
      autocomplete="off"
      maxlength="40"
      aria-describedby="terminal-number-hint"
      required
      ?disabled=${disabled}
      .value=${wish.number}
      @input=${(event: Event) => {
        change({ ...wish, number: (event.target as HTMLInputElement).value });
      }}
    />
    <p class="hint" id="terminal-number-hint">${t("terminal.number.hint")}</p>
  </div>`;
}

function delayField(wish: TerminalWish, disabled: boolean, change: Change): TemplateResult {
  return html`<div class="field">
    <label for="terminal-delay">${t("terminal.delay")}</label>
    <input
      id="terminal-delay"
      type="number"
      min="1"
      max="30"
      required
      aria-describedby="terminal-delay-hint"
      ?disabled=${disabled}
      .value=${String(wish.delay)}
      @input=${(event: Event) => {
        change({ ...wish, delay: (event.target as HTMLInputElement).valueAsNumber });
      }}
    />
    <p class="hint" id="terminal-delay-hint">${t("terminal.delay.hint")}</p>
  </div>`;
}

function keyField(wish: TerminalWish, disabled: boolean, change: Change): TemplateResult {
  return html`<div class="field">
    <label class="check"
      ><input
        id="terminal-key"
        type="checkbox"
        aria-describedby="terminal-key-hint"
        ?disabled=${disabled}
        .checked=${wish.confirm}
        @change=${(event: Event) => {
          change({ ...wish, confirm: (event.target as HTMLInputElement).checked });
        }}
      />${t("terminal.key")}</label
    >
    <p class="hint" id="terminal-key-hint">${t("terminal.key.hint")}</p>
  </div>`;
}
