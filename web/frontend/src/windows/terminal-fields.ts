/** Where an agent is rung, as part of the status window: the own extension, or an outside number that is typed in. */
import { html, nothing, type TemplateResult } from "lit";
import type { Agent } from "../api/board";
import type { TerminalKind } from "../api/commands";
import { t } from "../text/text";

export interface TerminalWish {
  kind: TerminalKind;
  number: string;
}

/** The agent's own extension: where it is rung now, else the user part of its name; null where neither is a number. */
export function ownExtension(agent: Pick<Agent, "agent" | "terminal" | "terminal_kind">): string | null {
  if (agent.terminal_kind === "extension" && agent.terminal) return agent.terminal;
  const user = agent.agent.split("@")[0] ?? "";
  return /^[0-9]{1,20}$/.test(user) ? user : null;
}

/** What the fields begin with. */
export function terminalNow(agent: Agent): TerminalWish {
  if (agent.terminal_kind === "external") return { kind: "external", number: agent.terminal };
  return { kind: "extension", number: ownExtension(agent) ?? "" };
}

/** Is another terminal asked for than the agent has? */
export function terminalChanged(agent: Agent, wish: TerminalWish): boolean {
  const kind = agent.terminal_kind === "external" ? "external" : "extension";
  return wish.number.trim() !== "" ? wish.kind !== kind || wish.number.trim() !== agent.terminal : wish.kind !== kind;
}

/** `change` is called with every choice and every letter typed. */
export function terminalFields(
  agent: Agent,
  wish: TerminalWish,
  disabled: boolean,
  change: (wish: TerminalWish) => void,
): TemplateResult {
  const extension = ownExtension(agent);
  const outside = agent.terminal_kind === "external" ? agent.terminal : "";
  const choose = (event: Event): void => {
    const kind = (event.target as HTMLSelectElement).value as TerminalKind;
    change({ kind, number: kind === "external" ? outside : (extension ?? "") });
  };
  return html`<div class="field">
      <label for="terminal-kind">${t("terminal")}</label>
      <select id="terminal-kind" ?disabled=${disabled} @change=${choose}>
        ${extension === null && agent.terminal_kind === "external"
          ? nothing
          : html`<option value="extension" .selected=${wish.kind === "extension"}>
              ${extension === null ? t("terminal.other") : t("terminal.extension", { number: extension })}
            </option>`}
        <option value="external" .selected=${wish.kind === "external"}>${t("terminal.external")}</option>
      </select>
    </div>
    ${wish.kind === "external"
      ? html`<div class="field">
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
              change({ kind: "external", number: (event.target as HTMLInputElement).value });
            }}
          />
          <p class="hint" id="terminal-number-hint">${t("terminal.number.hint")}</p>
        </div>`
      : nothing}`;
}
