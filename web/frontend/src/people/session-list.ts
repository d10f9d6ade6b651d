/** Living sessions of an account, or one's own; any of them can be ended. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { endSession, readSessions, type SessionRow } from "../api/accounts";
import { LightElement } from "../shell/light-element";
import { announce } from "../shell/notices";
import { problemBox } from "../shell/parts";
import { dateTime } from "../text/duration";
import { locale, t } from "../text/text";
import { problemText, type ProblemText } from "../text/wording";

@customElement("session-list")
export class SessionList extends LightElement {
  /** whose; null for one's own */
  @property({ attribute: false }) login: string | null = null;
  @state() private sessions: SessionRow[] | null = null;
  @state() private problem: ProblemText | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("login") || !this.hasUpdated) void this.load();
  }

  async load(): Promise<void> {
    try {
      this.sessions = (await readSessions(this.login)).sessions;
    } catch (error) {
      this.problem = problemText(error);
    }
  }

  private async end(id: number): Promise<void> {
    this.problem = null;
    try {
      await endSession(this.login, id);
      announce(t("sessions.ended"));
    } catch (error) {
      this.problem = problemText(error);
    }
    await this.load();
  }

  protected override render(): TemplateResult {
    return html`<section class="card part" aria-labelledby="sessions-title">
      <h2 id="sessions-title">${t("sessions")}</h2>
      ${problemBox(this.problem)}
      ${this.sessions?.length === 0 ? html`<p class="muted">${t("sessions.none")}</p>` : nothing}
      <ul class="lines">
        ${repeat(
          this.sessions ?? [],
          (one) => one.id,
          (one) => this.line(one),
        )}
      </ul>
    </section>`;
  }

  private line(one: SessionRow): TemplateResult {
    return html`<li>
      <div>
        <b>${one.address}</b> ${one.present ? html`<span class="badge">${t("sessions.this")}</span>` : nothing}
        <p class="muted browser">${one.user_agent}</p>
        <p class="muted">
          ${t("sessions.begun")}: ${dateTime(one.created_at, locale())} ・ ${t("sessions.seen")}: ${dateTime(one.seen_at, locale())}
        </p>
      </div>
      ${one.present
        ? nothing
        : html`<button type="button" aria-label="${t("sessions.end")}: ${one.address}" @click=${() => void this.end(one.id)}>
            ${t("sessions.end")}
          </button>`}
    </li>`;
  }
}
